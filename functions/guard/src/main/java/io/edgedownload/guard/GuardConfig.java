package io.edgedownload.guard;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Every setting of the guard of a node. Its server's are those of Quarkus. */
@ConfigMapping(prefix = "guard")
public interface GuardConfig {
    /** The program for the kernel, as infra/ebpf/build.sh makes it. */
    @WithDefault("node_guard.bpf.o")
    Path program();

    /** The control group of version 2 whose sockets, and those below it, are watched and paced. */
    @WithDefault("/sys/fs/cgroup")
    Path cgroup();

    /** What this node is called in what is told of it; without it, the name of the host. */
    Optional<String> node();

    /** Between two looks while no group is limited. */
    @WithDefault("1s")
    Duration interval();

    /** Connections of one group beyond which there are too many. */
    @WithDefault("5000")
    long establishedMax();

    /** Of the segments that a group sends, beyond which too many are sent again. */
    @WithDefault("8")
    double retransmitPercent();

    /** Sent within the window, so that their share is judged at all. */
    @WithDefault("1000")
    long segmentsMin();

    /** Over which segments are counted. */
    @WithDefault("10s")
    Duration window();

    /** Of a threshold, below which it eases. */
    @WithDefault("80")
    int liftPercent();

    /** How long it must stay below. */
    @WithDefault("30s")
    Duration liftAfter();

    /** What one group may send in a second then. */
    @WithDefault("200000000")
    MemorySize egressMax();

    Coordinator coordinator();

    /** Who is told. */
    interface Coordinator {
        /** Without it nobody is. */
        Optional<URI> url();

        /** What the coordinator knows its peers by. */
        Optional<String> token();

        /** Certificates in PEM that the coordinator's one is signed by, instead of those that are trusted anyway. */
        Optional<Path> trust();

        /** Ours in PEM, shown to the coordinator. */
        Optional<Path> certificate();

        /** Its key in PEM. */
        Optional<Path> key();

        /** Where this node is. */
        Optional<String> zone();

        /** Between two heartbeats. */
        @WithDefault("10s")
        Duration interval();

        /** Events that may wait for a coordinator; of more the oldest are dropped. */
        @WithDefault("1000")
        int queueMax();
    }
}
