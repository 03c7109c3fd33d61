package io.edgedownload.guard;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Calls functions of libbpf 1.x, and the two of the C library that it needs, by the foreign function API (JEP 454). They are few
 * calls a second, so arguments may be boxed. For one thread at a time.
 */
@SuppressWarnings("restricted")
final class Libbpf {
    private static final String LIBRARY = "libbpf.so.1";

    private static final Map<String, FunctionDescriptor> FUNCTIONS = Map.ofEntries(
            Map.entry("bpf_object__open_file", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS)),
            Map.entry("bpf_object__load", FunctionDescriptor.of(JAVA_INT, ADDRESS)),
            Map.entry("bpf_object__close", FunctionDescriptor.ofVoid(ADDRESS)),
            Map.entry("bpf_object__find_program_by_name", FunctionDescriptor.of(ADDRESS, ADDRESS, ADDRESS)),
            Map.entry("bpf_object__find_map_fd_by_name", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS)),
            Map.entry("bpf_program__attach_cgroup", FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_INT)),
            Map.entry("bpf_link__destroy", FunctionDescriptor.of(JAVA_INT, ADDRESS)),
            Map.entry("bpf_map_update_elem", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG)),
            Map.entry("bpf_map_delete_elem", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS)),
            Map.entry("bpf_map_lookup_elem", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS)),
            Map.entry(
                    "bpf_map_lookup_batch",
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS)),
            Map.entry("ring_buffer__new", FunctionDescriptor.of(ADDRESS, JAVA_INT, ADDRESS, ADDRESS, ADDRESS)),
            Map.entry("ring_buffer__poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)),
            Map.entry("ring_buffer__free", FunctionDescriptor.ofVoid(ADDRESS)),
            Map.entry("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT)),
            Map.entry("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT)));

    private static final StructLayout STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

    private final MemorySegment state;
    private final Map<String, MethodHandle> handles = new HashMap<>();

    /**
     * @param arena for as long as functions are called
     * @throws KernelFailure when the library is not installed
     */
    Libbpf(Arena arena) {
        state = arena.allocate(STATE);
        Linker linker = Linker.nativeLinker();
        SymbolLookup symbols = library(arena).or(linker.defaultLookup());
        FUNCTIONS.forEach((name, descriptor) -> handles.put(
                name,
                linker.downcallHandle(
                        symbols.find(name)
                                .orElseThrow(() -> new KernelFailure(
                                        LIBRARY + " has no " + name + ": libbpf 1.0 or newer is needed")),
                        descriptor,
                        options(name))));
    }

    private static SymbolLookup library(Arena arena) {
        try {
            return SymbolLookup.libraryLookup(LIBRARY, arena);
        } catch (IllegalArgumentException missing) {
            throw new KernelFailure(LIBRARY + " cannot be loaded: install libbpf 1.0 or newer (Debian's libbpf1)");
        }
    }

    private static Linker.Option[] options(String name) {
        Linker.Option errno = Linker.Option.captureCallState("errno");
        return name.equals("open")
                ? new Linker.Option[] {errno, Linker.Option.firstVariadicArg(2)}
                : new Linker.Option[] {errno};
    }

    /** A function that returns nothing. */
    void run(String name, Object... arguments) {
        var _ = call(name, arguments);
    }

    /** What the function returns; below zero an error's number with a minus sign. */
    int number(String name, Object... arguments) {
        int number = (int) call(name, arguments);
        // Those of the C library return -1, and those of libbpf say the same twice.
        return number == -1 ? -errno() : number;
    }

    /**
     * What the function returns, when that is no error.
     *
     * @param doing for the message
     * @throws KernelFailure naming what was done and the error
     */
    int require(String doing, String name, Object... arguments) {
        int number = number(name, arguments);
        if (number < 0) {
            throw failure(doing, name, -number);
        }
        return number;
    }

    /**
     * A pointer that is not null.
     *
     * @param doing for the message
     * @throws KernelFailure naming what was done and the error
     */
    MemorySegment pointer(String doing, String name, Object... arguments) {
        MemorySegment pointer = (MemorySegment) call(name, arguments);
        if (pointer.equals(MemorySegment.NULL)) {
            throw failure(doing, name, errno());
        }
        return pointer;
    }

    private static KernelFailure failure(String doing, String name, int error) {
        return new KernelFailure(
                doing + " failed: " + name + ", error " + error + " (" + ErrorNumber.explained(error) + ")");
    }

    private int errno() {
        return (int) ERRNO.get(state, 0L);
    }

    private Object call(String name, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = state;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        try {
            return Objects.requireNonNull(handles.get(name), name).invokeWithArguments(all);
        } catch (Error | RuntimeException thrown) {
            throw thrown;
        } catch (Throwable impossible) {
            throw new AssertionError(impossible);
        }
    }
}
