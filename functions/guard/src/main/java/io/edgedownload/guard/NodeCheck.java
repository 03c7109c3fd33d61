package io.edgedownload.guard;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a node must have, so that it can be guarded: each thing that it lacks is a line with its cure. */
final class NodeCheck {
    private static final Path BTF = Path.of("/sys/kernel/btf/vmlinux");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String EFFECTIVE = "CapEff:";

    /** The bits of capabilities(7). */
    private static final Map<String, Integer> CAPABILITIES =
            new TreeMap<>(Map.of("NET_ADMIN", 12, "PERFMON", 38, "BPF", 39));

    private NodeCheck() {}

    static List<String> problems(GuardConfig config) {
        List<String> problems = new ArrayList<>();
        if (!Files.isReadable(STATUS)) {
            problems.add("there is no " + STATUS + ": the guard of a node runs on Linux");
            return problems;
        }
        if (!Files.isReadable(BTF)) {
            problems.add(BTF + " is missing: the kernel must be built with CONFIG_DEBUG_INFO_BTF");
        }
        problems.addAll(missingCapabilities());
        if (!Files.isReadable(config.program())) {
            problems.add("guard.program: " + config.program().toAbsolutePath()
                    + " cannot be read: build it by infra/ebpf/build.sh");
        }
        try {
            var _ = new ControlGroups(config.cgroup());
        } catch (IOException broken) {
            problems.add("guard.cgroup: " + config.cgroup() + ": " + broken.getMessage()
                    + "; 'grep cgroup2 /proc/mounts' shows where they are");
        }
        return problems;
    }

    private static List<String> missingCapabilities() {
        try {
            long effective = Files.readAllLines(STATUS).stream()
                    .filter(line -> line.startsWith(EFFECTIVE))
                    .map(line -> Long.parseUnsignedLong(
                            line.substring(EFFECTIVE.length()).strip(), 16))
                    .findFirst()
                    .orElse(0L);
            return CAPABILITIES.entrySet().stream()
                    .filter(each -> (effective >> each.getValue() & 1) == 0)
                    .map(each -> "the capability " + each.getKey() + " is missing: run it as root with it")
                    .toList();
        } catch (IOException unreadable) {
            return List.of(STATUS + " cannot be read: " + unreadable.getMessage());
        }
    }
}
