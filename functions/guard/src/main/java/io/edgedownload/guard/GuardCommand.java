package io.edgedownload.guard;

import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jboss.logging.Logger;
import picocli.CommandLine;

/** Runs, or checks whether it could. */
final class GuardCommand implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(GuardCommand.class);

    private final GuardConfig config;
    private final Guarding guarding;

    GuardCommand(GuardConfig config, Guarding guarding) {
        this.config = config;
        this.guarding = guarding;
    }

    @Override
    public int run(String... arguments) {
        GuardArguments parsed = CommandLine.populateCommand(new GuardArguments(), arguments);
        try {
            Settings.check(config);
        } catch (ConfigurationException broken) {
            LOG.error(broken.getMessage());
            return 2;
        }
        List<String> problems = NodeCheck.problems(config);
        problems.forEach(LOG::error);
        if (!problems.isEmpty()) {
            return 1;
        }
        try {
            if (parsed.check) {
                check();
            } else {
                guarding.run();
            }
            return 0;
        } catch (KernelFailure | IOException | UncheckedIOException failed) {
            LOG.error(failed.getMessage());
            return 1;
        }
    }

    private void check() {
        try (NodeProgram program = new NodeProgram(config.program(), Settings.rules(config))) {
            LOG.infof(
                    "this node can be guarded: the kernel takes the program, which watches up to %d control groups; %d now",
                    NodeProgram.MOST_GROUPS, program.counts().size());
        }
    }
}
