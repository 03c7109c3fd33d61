package io.edgedownload.guard;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What the command can be told beside its configuration. */
@Command(
        name = "node-guard",
        mixinStandardHelpOptions = true,
        version = "see quarkus.application.version in what it logs first",
        description = {
            "Watches the TCP of a node's control groups in the kernel, holds those that surge to a limit, and tells a coordinator.",
            "",
            "It is configured as all of Quarkus is, by -Dguard.KEY=VALUE before -jar, or in the environment as GUARD_KEY:",
            "docs/node-guard.md has the keys. It needs root with the capabilities BPF, NET_ADMIN and PERFMON.",
            "",
            "It runs until it is told to stop (SIGTERM), and then lifts its limits.",
            ""
        },
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {
            "0:it was stopped, or the node can be guarded",
            "1:the node cannot be guarded",
            "2:a wrong argument or setting"
        })
final class GuardArguments {
    @Option(
            names = "--check",
            description =
                    "Say whether this node can be guarded: load the program into the kernel, attach nothing, end.")
    boolean check;
}
