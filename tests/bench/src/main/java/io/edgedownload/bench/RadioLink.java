package io.edgedownload.bench;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * A radio link between this process's network namespace and one of its own, in which clients are run: it has a rate, a way to
 * go, loses packets and drops for a while at times. When it drops, the connections of the clients end, as they do on a device
 * that leaves a network; those of the servers hear nothing of it.
 */
final class RadioLink implements AutoCloseable {
    /** The address of this side, for the clients. */
    static final String HOST = "10.77.0.1";

    private static final String CLIENT = "10.77.0.2";

    /** Packets wait for so long at most before one is dropped for want of room. */
    private static final Duration LONGEST_QUEUE = Duration.ofMillis(200);

    private final Air air;
    private final Process namespace;
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(2);
    private final Direction down;
    private final Direction up;
    private volatile boolean isDown;

    /** @param loss of packets, 0 to 1 */
    record Air(int bitsPerSecond, double loss, Duration oneWay, Duration dropsEvery, Duration dropsFor) {}

    private RadioLink(Air air, Process namespace) throws IOException {
        this.air = air;
        this.namespace = namespace;
        Tun near = Tun.open("near");
        Tun far = Tun.open("far");
        this.down = new Direction(near, far);
        this.up = new Direction(far, near);
    }

    /**
     * In a network namespace that nobody else uses, as root.
     *
     * @param congestionControl of what is sent to the clients, as Linux calls it
     */
    static RadioLink start(Air air, String congestionControl) throws IOException {
        // It ends with its input, and so with this process.
        Process namespace = new ProcessBuilder("unshare", "--net", "sh", "-c", "echo ready; exec cat").start();
        if (namespace.getInputStream().read() < 0) {
            throw new IOException("no network namespace can be made: as root");
        }
        RadioLink link = new RadioLink(air, namespace);
        run(List.of("ip", "link", "set", "dev", "lo", "up"));
        run(List.of("ip", "link", "set", "dev", "far", "netns", Long.toString(namespace.pid())));
        run(List.of("ip", "addr", "add", HOST + "/32", "dev", "near"));
        run(List.of("ip", "link", "set", "dev", "near", "up"));
        run(List.of("ip", "route", "add", CLIENT, "dev", "near", "src", HOST, "congctl", congestionControl));
        link.runFar("ip", "addr", "add", CLIENT + "/32", "dev", "far");
        link.runFar("ip", "link", "set", "dev", "far", "up");
        link.runFar("ip", "route", "add", HOST, "dev", "far", "src", CLIENT);
        Thread.ofPlatform().daemon().start(link.down::pump);
        Thread.ofPlatform().daemon().start(link.up::pump);
        return link;
    }

    /** The command, at the other end of the link. */
    List<String> far(List<String> command) {
        List<String> all =
                new ArrayList<>(List.of("nsenter", "--target", Long.toString(namespace.pid()), "--net", "--"));
        all.addAll(command);
        return all;
    }

    /**
     * Counts from 0 and drops from then on; with the same arguments it is the same link again.
     *
     * @param seed for the packets that are lost
     * @param firstDrop from now
     */
    Traffic begin(long seed, Duration firstDrop) {
        var traffic = new Traffic();
        down.begin(seed, traffic);
        up.begin(~seed, traffic);
        var drops = timer.scheduleAtFixedRate(
                this::drop, firstDrop.toMillis(), air.dropsEvery().toMillis(), TimeUnit.MILLISECONDS);
        traffic.whenOver(() -> drops.cancel(false));
        return traffic;
    }

    private void drop() {
        isDown = true;
        var _ = timer.schedule(() -> isDown = false, air.dropsFor().toMillis(), TimeUnit.MILLISECONDS);
        try {
            runFar("ss", "--kill", "dst", HOST);
        } catch (IOException failed) {
            throw new IllegalStateException(failed);
        }
    }

    private void runFar(String... command) throws IOException {
        run(far(List.of(command)));
    }

    private static void run(List<String> command) throws IOException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(
                            ProcessBuilder.Redirect.to(Path.of("/dev/null").toFile()))
                    .start();
            if (process.waitFor() != 0) {
                throw new IOException("failed: " + String.join(" ", command));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        namespace.destroy();
    }

    /** One way; used by the thread that reads the device alone. */
    private final class Direction {
        private final Tun from;
        private final Tun to;
        private final ScheduledExecutorService delayed = new ScheduledThreadPoolExecutor(1);
        private volatile Course course = new Course(new Random(0), new Traffic());
        private long freeAtNanos = System.nanoTime();

        private record Course(Random losses, Traffic traffic) {}

        Direction(Tun from, Tun to) {
            this.from = from;
            this.to = to;
        }

        void begin(long seed, Traffic traffic) {
            course = new Course(new Random(seed), traffic);
        }

        void pump() {
            try {
                while (true) {
                    pass(from.read());
                }
            } catch (IOException gone) {
                delayed.shutdownNow();
            }
        }

        private void pass(byte[] packet) {
            long now = System.nanoTime();
            long begins = Math.max(now, freeAtNanos);
            if (isDown || begins - now > LONGEST_QUEUE.toNanos()) {
                return;
            }
            freeAtNanos = begins + packet.length * 8L * TimeUnit.SECONDS.toNanos(1) / air.bitsPerSecond();
            Course current = course;
            current.traffic().moved(packet.length);
            if (current.losses().nextDouble() >= air.loss()) {
                var _ = delayed.schedule(
                        () -> arrive(packet, current.traffic()),
                        freeAtNanos - now + air.oneWay().toNanos(),
                        TimeUnit.NANOSECONDS);
            }
        }

        private void arrive(byte[] packet, Traffic traffic) {
            if (!isDown) {
                traffic.arrived(packet);
                to.write(packet);
            }
        }
    }
}
