package io.edgedownload.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Two network namespaces that are joined by a wire: senders in control groups of their own at one end, and a sink at the other. Each
 * segment is a packet, so that what is lost of packets is lost of segments. Needs root, iproute2, nftables and control groups v2.
 */
final class Wire implements AutoCloseable {
    private static final AtomicInteger MADE = new AtomicInteger();
    private static final int PORT = 9999;

    /** Of Ethernet, IPv4, and TCP with a timestamp. */
    private static final int HEADER_BYTES = 14 + 20 + 32;

    private final String name = "edl" + ProcessHandle.current().pid() + "x" + MADE.incrementAndGet();
    private final Path group;
    private final List<Process> processes = new ArrayList<>();
    private final List<Path> groups = new ArrayList<>();

    /** What one end has sent so far. */
    record Sent(long bytes, long atNanos) {}

    /** Where control groups of version 2 are. */
    static Optional<Path> controlGroups() throws IOException {
        return Files.readAllLines(Path.of("/proc/mounts")).stream()
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields[2].equals("cgroup2"))
                .map(fields -> Path.of(fields[1]))
                .findFirst();
    }

    Wire(Path controlGroups) throws IOException {
        group = Files.createDirectory(controlGroups.resolve(name));
        groups.add(group);
        for (String end : List.of("a", "b")) {
            run("ip", "netns", "add", name + end);
        }
        run("ip", "-n", near(), "link", "add", "near", "type", "veth", "peer", "name", "far", "netns", far());
        run("ip", "-n", near(), "link", "set", "near", "gso_max_segs", "1", "up");
        run("ip", "-n", far(), "link", "set", "far", "up");
        run("ip", "-n", near(), "address", "add", "10.99.0.1/24", "dev", "near");
        run("ip", "-n", far(), "address", "add", "10.99.0.2/24", "dev", "far");
        run(
                "ip",
                "netns",
                "exec",
                far(),
                "nft",
                "add table ip t; add chain ip t in { type filter hook prerouting priority 0; }");
        var sink = new Sender(start(List.of("ip", "netns", "exec", far()), "sink", String.valueOf(PORT)));
        assertEquals("listening", sink.heard());
    }

    private String near() {
        return name + "a";
    }

    private String far() {
        return name + "b";
    }

    /** The control group that holds those of the senders. */
    Path group() {
        return group;
    }

    /** So many of a thousand packets do not arrive. */
    void lose(int ofThousand) throws IOException {
        run("ip", "netns", "exec", far(), "nft", "flush chain ip t in");
        if (ofThousand > 0) {
            run(
                    "ip",
                    "netns",
                    "exec",
                    far(),
                    "nft",
                    "add rule ip t in meta l4proto tcp numgen random mod 1000 < " + ofThousand + " drop");
        }
    }

    /** A sender in the control group of that name, without a connection yet. */
    Sender sender(String own) throws IOException {
        Path directory = Files.createDirectory(group.resolve(own));
        groups.add(directory);
        String enter = "echo $$ > " + directory.resolve("cgroup.procs") + " && exec \"$@\"";
        // In the namespace it would see another /sys.
        var sender = new Sender(start(
                List.of("sh", "-c", enter, "sh", "ip", "netns", "exec", near()),
                "send",
                "10.99.0.2",
                String.valueOf(PORT)));
        assertEquals("ready", sender.heard());
        return sender;
    }

    private Process start(List<String> wrapper, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx64m", "-cp", "target/test-classes", Flood.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        return process;
    }

    /** A counter of the senders' namespace, of TCP (RFC 4022). */
    long counter(String name) throws IOException {
        List<String> lines = run("ip", "netns", "exec", near(), "grep", "^Tcp:", "/proc/net/snmp")
                .lines()
                .toList();
        int column = List.of(lines.getFirst().split(" ", -1)).indexOf(name);
        return Long.parseLong(lines.get(1).split(" ", -1)[column]);
    }

    /** Payload of all senders, with what was sent again. */
    Sent sent() throws IOException {
        List<String> lines = run(
                        "ip",
                        "netns",
                        "exec",
                        near(),
                        "cat",
                        "/sys/class/net/near/statistics/tx_bytes",
                        "/sys/class/net/near/statistics/tx_packets")
                .lines()
                .toList();
        return new Sent(
                Long.parseLong(lines.getFirst()) - HEADER_BYTES * Long.parseLong(lines.get(1)), System.nanoTime());
    }

    /** In bytes a second, over so long from now. */
    double rate(Duration over) throws IOException {
        Sent first = sent();
        Sent last = sent();
        while (last.atNanos() - first.atNanos() < over.toNanos()) {
            last = sent();
        }
        return (last.bytes() - first.bytes()) * 1e9 / (last.atNanos() - first.atNanos());
    }

    static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.onExit().join().exitValue(), () -> String.join(" ", command) + ": " + said);
        return said;
    }

    @Override
    public void close() throws IOException {
        for (Process process : processes) {
            process.destroyForcibly().onExit().join();
        }
        run("ip", "netns", "delete", near());
        run("ip", "netns", "delete", far());
        for (Path directory : groups.reversed()) {
            Files.delete(directory);
        }
    }

    /** A process that sends. */
    static final class Sender {
        private final Process process;
        private final BufferedReader lines;

        private Sender(Process process) {
            this.process = process;
            this.lines = process.inputReader();
        }

        /** Returns when there are so many connections, so many of which send. */
        void connections(int wanted, int sending) throws IOException {
            String order = wanted + " " + sending;
            process.outputWriter().write(order + "\n");
            process.outputWriter().flush();
            assertEquals(order, heard());
        }

        private String heard() {
            try {
                return String.valueOf(lines.readLine());
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }
}
