package io.edgedownload.local;

import io.edgedownload.local.LocalStack.Ports;
import io.edgedownload.local.origin.OriginMode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.FileHandler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code ./run}: starts the local stack for a person, publishes the samples and says what to try. */
@Command(
        name = "./run",
        sortOptions = false,
        description = {
            "Builds what is missing, then starts the functions, a sample origin and S3 on loopback, publishes three"
                    + " sample downloads and prints curl lines to try. Ctrl-C stops everything.",
            ""
        },
        footer = {
            "",
            "Environment: EDGE_ADMIN_TOKEN replaces the token in DIR/admin-token; JAVA_HOME chooses the JDK (25)."
        })
final class Main implements Callable<Integer> {
    private static final int LOG_LIMIT_BYTES = 1 << 20;

    private final AtomicBoolean stopping = new AtomicBoolean();

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8080",
            description = "port of the functions (${DEFAULT-VALUE}; 0: any free one)")
    private int port;

    @Option(names = "--origin-port", paramLabel = "N", description = "port of the sample origin (the functions' + 1)")
    private @Nullable Integer originPort;

    @Option(names = "--s3-port", paramLabel = "N", description = "port of S3 (the functions' + 2)")
    private @Nullable Integer s3Port;

    @Option(
            names = "--control-port",
            paramLabel = "N",
            description = "port that switches the sample origin and counts its requests (the functions' + 3)")
    private @Nullable Integer controlPort;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "directory for sample files, S3's objects, the catalog, secrets and logs (.local beside ./run)")
    private @Nullable Path data;

    @Option(
            names = "--origin",
            paramLabel = "MODE",
            defaultValue = "on",
            converter = ModeWord.class,
            description = {
                "how the sample origin behaves once the samples are published (${DEFAULT-VALUE}):",
                "on       correctly",
                "off      refuses connections",
                "slow     about 200 KB/s a connection",
                "flaky    every third answer is a 503, a reset or cut short",
                "corrupt  right length and ETag, wrong bytes"
            })
    private OriginMode mode = OriginMode.ON;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "print this and exit")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    public static void main(String[] arguments) {
        // No part may log to the terminal: it belongs to the curl lines.
        LogManager.getLogManager().reset();
        System.exit(new CommandLine(new Main())
                .setExecutionExceptionHandler((failed, command, parsed) -> explain(failed))
                .execute(arguments));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var project = Path.of(System.getProperty("edge.project", "")).toAbsolutePath();
        var directory = data != null ? data : project.resolve(".local");
        say("edge-download starts, data in " + directory);
        var options = new LocalStack.Options(directory, EdgeProcess.runnerIn(project), ports(), Map.of());
        try (var stack = LocalStack.start(options, line -> say("  " + line))) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(stack), "stop-stack"));
            logWarningsTo(directory.resolve("stack.log"));
            stack.publishSamples();
            say("  published      " + Stream.of(Sample.values()).map(Sample::id).collect(Collectors.joining(", ")));
            stack.origin().switchTo(mode);
            say(curlLines(stack, directory).text());
            return awaitEnd(stack);
        }
    }

    private Ports ports() {
        return new Ports(port, portOr(originPort, 1), portOr(s3Port, 2), portOr(controlPort, 3));
    }

    private int portOr(@Nullable Integer chosen, int distance) {
        if (chosen != null) {
            return chosen;
        }
        return port == 0 ? 0 : port + distance;
    }

    private CurlLines curlLines(LocalStack stack, Path directory) throws IOException, InterruptedException {
        try (var client = stack.client()) {
            return new CurlLines(
                    stack.edge().uri(),
                    stack.origin().uri(),
                    stack.origin().controlUri(),
                    System.getenv("EDGE_ADMIN_TOKEN") == null
                            ? "$(cat '" + directory.resolve("admin-token") + "')"
                            : "$EDGE_ADMIN_TOKEN",
                    client.firstChunk(Sample.SIXTY_FOUR_MIB),
                    mode);
        }
    }

    private int awaitEnd(LocalStack stack) throws InterruptedException {
        var exitCode = stack.edge().awaitEnd();
        if (!stopping.get()) {
            System.err.println("run: the functions ended with exit code " + exitCode + ": see "
                    + stack.edge().log());
        }
        return 1;
    }

    private void stop(LocalStack stack) {
        stopping.set(true);
        stack.close();
        say("stopped");
    }

    private static void logWarningsTo(Path file) throws IOException {
        // A percent sign starts a placeholder in a FileHandler's pattern.
        var handler = new FileHandler(file.toString().replace("%", "%%"), LOG_LIMIT_BYTES, 1, true);
        handler.setFormatter(new SimpleFormatter());
        handler.setLevel(Level.WARNING);
        Logger.getLogger("").addHandler(handler);
    }

    private static int explain(Exception failed) {
        System.err.println("run: " + (failed instanceof StartFailure ? failed.getMessage() : failed.toString()));
        return 1;
    }

    private static void say(String line) {
        System.out.println(line);
    }

    /** The words of {@link OriginMode} as the command line has them. */
    static final class ModeWord implements ITypeConverter<OriginMode> {
        @Override
        public OriginMode convert(String word) {
            return OriginMode.of(word)
                    .orElseThrow(() -> new TypeConversionException("choose one of " + OriginMode.words()));
        }
    }
}
