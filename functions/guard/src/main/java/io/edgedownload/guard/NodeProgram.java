package io.edgedownload.guard;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.edgedownload.engine.guard.Rules;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The program in the kernel, from its loading to its end: {@code infra/ebpf/node_guard.bpf.c}, which has the same layouts. For one
 * thread at a time. When this process ends, however that happens, the kernel detaches the program; sockets keep the pace that they
 * had.
 */
@SuppressWarnings("restricted")
final class NodeProgram implements AutoCloseable {
    /** {@code MOST_CGROUPS} there. */
    static final int MOST_GROUPS = 4096;

    /** {@code O_RDONLY | O_CLOEXEC} of open(2). */
    private static final int TO_READ = 0_2_000_000;

    /** A pace of 32 bits without a sign; the highest number says that there is none. */
    private static final long HIGHEST_PACE = 0xffff_fffeL;

    private static final int COUNTS_LONGS = 8;
    private static final long ANY = 0;
    private static final int GROUPS_LOST = 0;
    private static final int EVENTS_LOST = 1;

    private final Arena arena = Arena.ofShared();
    private final Libbpf libbpf = new Libbpf(arena);
    private final MemorySegment keys = arena.allocate(JAVA_LONG, MOST_GROUPS);
    private final MemorySegment values = arena.allocate(JAVA_LONG, (long) MOST_GROUPS * COUNTS_LONGS);
    private final MemorySegment count = arena.allocate(JAVA_INT);
    private final MemorySegment position = arena.allocate(JAVA_LONG);
    private final MemorySegment key = arena.allocate(JAVA_LONG);
    private final MemorySegment value = arena.allocate(JAVA_LONG);
    private final MemorySegment object;
    private final int groups;
    private final int limits;
    private final int losses;
    private MemorySegment link = MemorySegment.NULL;
    private MemorySegment ring = MemorySegment.NULL;

    /** What there was no room for in the kernel since the start. */
    record Losses(long groups, long events) {}

    /**
     * Loads the program; it sees nothing until it is attached.
     *
     * @param file as {@code infra/ebpf/build.sh} makes it
     * @throws KernelFailure when that is not possible, with what it needs
     */
    NodeProgram(Path file, Rules rules) {
        object = libbpf.pointer(
                "opening " + file, "bpf_object__open_file", arena.allocateFrom(file.toString()), MemorySegment.NULL);
        libbpf.require("loading " + file, "bpf_object__load", object);
        groups = map("cgroups");
        limits = map("limits");
        losses = map("losses");
        set(rules);
    }

    private int map(String name) {
        return libbpf.require(
                "looking for the map " + name, "bpf_object__find_map_fd_by_name", object, arena.allocateFrom(name));
    }

    private void set(Rules rules) {
        MemorySegment bounds = arena.allocateFrom(
                JAVA_LONG,
                rules.establishedMax(),
                Math.round(rules.retransmitPercent() * 100),
                rules.segmentsMin(),
                rules.window().toNanos());
        libbpf.require(
                "setting the bounds", "bpf_map_update_elem", map("rules"), arena.allocate(JAVA_INT), bounds, ANY);
    }

    /**
     * From now on it is called for the sockets of this control group and those below it.
     *
     * @param directory of the group, in the hierarchy of version 2
     */
    void attach(Path directory) {
        MemorySegment program = libbpf.pointer(
                "looking for the program",
                "bpf_object__find_program_by_name",
                object,
                arena.allocateFrom("node_guard"));
        int descriptor =
                libbpf.require("opening " + directory, "open", arena.allocateFrom(directory.toString()), TO_READ);
        try {
            link = libbpf.pointer("attaching to " + directory, "bpf_program__attach_cgroup", program, descriptor);
        } finally {
            var _ = libbpf.number("close", descriptor);
        }
        ring = libbpf.pointer(
                "listening to events",
                "ring_buffer__new",
                map("events"),
                listener(),
                MemorySegment.NULL,
                MemorySegment.NULL);
    }

    /** That there was an event is all that it says; {@link #await} returns for it. */
    private MemorySegment listener() {
        try {
            MethodHandle heard = MethodHandles.lookup()
                    .findStatic(
                            NodeProgram.class,
                            "heard",
                            MethodType.methodType(int.class, MemorySegment.class, MemorySegment.class, long.class));
            return Linker.nativeLinker()
                    .upcallStub(heard, FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_LONG), arena);
        } catch (ReflectiveOperationException impossible) {
            throw new LinkageError("the callback is missing", impossible);
        }
    }

    @SuppressWarnings("unused")
    private static int heard(MemorySegment context, MemorySegment data, long size) {
        return 0;
    }

    /** Waits until a control group is over a bound, at most so long. */
    void await(Duration longest) {
        int heard = libbpf.number("ring_buffer__poll", ring, Math.toIntExact(longest.toMillis()));
        // A signal, as of a debugger, ends the wait early.
        if (heard < 0 && heard != -ErrorNumber.EINTR) {
            throw new KernelFailure("waiting for events failed: error " + -heard);
        }
    }

    /** All control groups that have had a socket, by their ids. */
    Map<Long, Counts> counts() {
        count.set(JAVA_INT, 0, MOST_GROUPS);
        int read = libbpf.number(
                "bpf_map_lookup_batch", groups, MemorySegment.NULL, position, keys, values, count, MemorySegment.NULL);
        // The end of the map is said as an error; it is always reached, for there is room for all that it holds.
        if (read < 0 && read != -ErrorNumber.ENOENT) {
            throw new KernelFailure(
                    "reading the counts failed: error " + -read + " (" + ErrorNumber.explained(-read) + ")");
        }
        Map<Long, Counts> counts = new HashMap<>();
        for (int at = 0; at < count.get(JAVA_INT, 0); at++) {
            long first = (long) at * COUNTS_LONGS;
            counts.put(
                    keys.getAtIndex(JAVA_LONG, at),
                    new Counts(
                            values.getAtIndex(JAVA_LONG, first),
                            values.getAtIndex(JAVA_LONG, first + 1),
                            values.getAtIndex(JAVA_LONG, first + 2),
                            values.getAtIndex(JAVA_LONG, first + 3)));
        }
        return counts;
    }

    /** Each socket of the group sends no more than that, from the next answer of its peer on. */
    void pace(long group, long bytesPerSecond) {
        key.set(JAVA_LONG, 0, group);
        value.set(JAVA_INT, 0, (int) Math.clamp(bytesPerSecond, 1, HIGHEST_PACE));
        libbpf.require("limiting a control group", "bpf_map_update_elem", limits, key, value, ANY);
    }

    /** Sockets of the group send as they like, from the next answer of their peers on. */
    void lift(long group) {
        delete(limits, group);
    }

    /** The group is gone. */
    void forget(long group) {
        delete(limits, group);
        delete(groups, group);
    }

    private void delete(int map, long group) {
        key.set(JAVA_LONG, 0, group);
        int deleted = libbpf.number("bpf_map_delete_elem", map, key);
        if (deleted < 0 && deleted != -ErrorNumber.ENOENT) {
            throw new KernelFailure("forgetting a control group failed: error " + -deleted);
        }
    }

    Losses losses() {
        return new Losses(lost(GROUPS_LOST), lost(EVENTS_LOST));
    }

    private long lost(int what) {
        key.set(JAVA_INT, 0, what);
        libbpf.require("reading what was lost", "bpf_map_lookup_elem", losses, key, value);
        return value.get(JAVA_LONG, 0);
    }

    /** Detaches and unloads it. */
    @Override
    public void close() {
        if (!ring.equals(MemorySegment.NULL)) {
            libbpf.run("ring_buffer__free", ring);
        }
        if (!link.equals(MemorySegment.NULL)) {
            var _ = libbpf.number("bpf_link__destroy", link);
        }
        libbpf.run("bpf_object__close", object);
        arena.close();
    }
}
