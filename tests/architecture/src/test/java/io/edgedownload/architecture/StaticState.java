package io.edgedownload.architecture;

import java.io.File;
import java.lang.ref.Cleaner;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * What static fields hold once classes are initialized. A native executable is built with it inside, so that nothing may be there that belongs
 * to one machine, one process or one moment.
 */
final class StaticState {
    private static final int MOST_DEPTH = 12;
    private static final int MOST_ELEMENTS = 500;
    private static final Set<Class<?>> UNFIT = Set.of(
            Random.class,
            Thread.class,
            ExecutorService.class,
            InetAddress.class,
            InetSocketAddress.class,
            Cleaner.class,
            Channel.class,
            Path.class,
            File.class,
            Instant.class);

    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, String> unfit = new LinkedHashMap<>();

    /** Initializes the class and looks through its static fields. Classes for other platforms are left out. */
    void look(String className) {
        try {
            Class<?> type = Class.forName(className);
            for (Field field : type.getDeclaredFields()) {
                if (Modifier.isStatic(field.getModifiers())
                        && !field.getType().isPrimitive()
                        && field.trySetAccessible()) {
                    walk(className, "." + field.getName(), field.get(null), 0);
                }
            }
        } catch (ClassNotFoundException e) {
            // Quarkus made it while it built the application.
        } catch (IllegalAccessException e) {
            throw new LinkageError(className, e);
        } catch (LinkageError e) {
            // It needs a class of an optional library, and so is not used here.
        }
    }

    /** By class: the way from a static field of its to something that is not fit. */
    Map<String, String> unfit() {
        return unfit;
    }

    private void walk(String owner, String way, @Nullable Object value, int depth) throws IllegalAccessException {
        if (value == null || depth > MOST_DEPTH || isHarmless(value) || !seen.add(value)) {
            return;
        }
        if (UNFIT.stream().anyMatch(each -> each.isInstance(value))
                || (value instanceof ByteBuffer buffer && buffer.isDirect())) {
            unfit.put(owner, way + " is a " + value.getClass().getName());
            return;
        }
        switch (value) {
            case Object[] array -> walkAll(owner, way, Set.of(), array, depth);
            case Map<?, ?> map -> {
                walkAll(owner, way, map.keySet(), new Object[0], depth);
                walkAll(owner, way, map.values(), new Object[0], depth);
            }
            case Collection<?> collection -> walkAll(owner, way, collection, new Object[0], depth);
            case Optional<?> optional -> walk(owner, way, optional.orElse(null), depth + 1);
            case AtomicReference<?> reference -> walk(owner, way, reference.get(), depth + 1);
            default -> walkFields(owner, way, value, depth);
        }
    }

    private static boolean isHarmless(Object value) {
        return value instanceof String
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Class
                || value instanceof ClassLoader
                || (value.getClass().isArray()
                        && value.getClass().getComponentType().isPrimitive());
    }

    private void walkAll(String owner, String way, Collection<?> some, Object[] others, int depth)
            throws IllegalAccessException {
        int walked = 0;
        for (Object each : some.isEmpty() ? Arrays.asList(others) : some) {
            if (walked++ == MOST_ELEMENTS) {
                return;
            }
            walk(owner, way + "[]", each, depth + 1);
        }
    }

    private void walkFields(String owner, String way, Object value, int depth) throws IllegalAccessException {
        for (Class<?> type = value.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.getType().isPrimitive() && canBeRead(field)) {
                    walk(owner, way + "." + field.getName(), field.get(value), depth + 1);
                }
            }
        }
    }

    private static boolean canBeRead(Field field) {
        try {
            return field.trySetAccessible();
        } catch (InaccessibleObjectException e) {
            return false;
        }
    }
}
