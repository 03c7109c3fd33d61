package io.edgedownload.guard;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Reads the arguments before anything is started for them. */
@QuarkusMain
public final class GuardMain {
    private static final int WRONG = 2;

    private GuardMain() {}

    /** @param arguments as {@code --help} says */
    public static void main(String... arguments) {
        var parsed = new GuardArguments();
        var line = new CommandLine(parsed);
        try {
            line.parseArgs(arguments);
        } catch (ParameterException wrong) {
            line.getErr().println("node-guard: " + wrong.getMessage() + "; see --help");
            System.exit(WRONG);
        }
        if (CommandLine.printHelpIfRequested(line.getParseResult())) {
            return;
        }
        if (parsed.check) {
            // Nobody asks how it is, and the port may be in use.
            System.setProperty("quarkus.http.host-enabled", "false");
        }
        Quarkus.run(GuardCommand.class, arguments);
    }
}
