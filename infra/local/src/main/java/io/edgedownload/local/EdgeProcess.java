package io.edgedownload.local;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The functions in a JVM of their own, started from their runner jar and stopped with this object or this JVM. */
public final class EdgeProcess implements AutoCloseable {
    private static final Path RUNNER_IN_PROJECT =
            Path.of("functions", "edge", "target", "quarkus-app", "quarkus-run.jar");

    /** Variable of the environment: another runner jar, or a native executable. */
    private static final String RUNNER = "EDGE_RUNNER";

    /** Variable of the environment: more options of the JVM that a runner jar runs in. */
    private static final String RUNNER_OPTIONS = "EDGE_RUNNER_OPTIONS";

    private static final Duration BETWEEN_PROBES = Duration.ofMillis(50);
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final int LOG_LINES_SHOWN = 5;

    private final Process process;
    private final URI uri;
    private final Path log;
    private final Thread stopWithThisJvm;

    private EdgeProcess(Process process, URI uri, Path log) {
        this.process = process;
        this.uri = uri;
        this.log = log;
        this.stopWithThisJvm = new Thread(this::end, "stop-functions");
    }

    /**
     * What to start.
     *
     * @param runner the fast-jar's {@code quarkus-run.jar}, or a native executable
     * @param port TCP port on 127.0.0.1; 0 picks a free one
     * @param properties given as system properties: everyone on the machine can read them with {@code ps}
     * @param environment added to the inherited environment: the place for secrets
     * @param log takes the standard output and error of the process; overwritten
     * @param startLimit longest wait for readiness
     * @param wrapper a command that ends by becoming the one that is given to it as its arguments
     */
    public record Launch(
            Path runner,
            int port,
            Map<String, String> properties,
            Map<String, String> environment,
            Path log,
            Duration startLimit,
            List<String> wrapper) {
        public Launch(
                Path runner,
                int port,
                Map<String, String> properties,
                Map<String, String> environment,
                Path log,
                Duration startLimit) {
            this(runner, port, properties, environment, log, startLimit, List.of());
        }

        public Launch {
            wrapper = List.copyOf(wrapper);
            properties = Map.copyOf(properties);
            environment = Map.copyOf(environment);
        }

        List<String> command(int chosenPort) {
            var command = new ArrayList<>(wrapper);
            List<String> settings = new ArrayList<>();
            settings.add("-Dquarkus.http.host=" + LoopbackPort.HOST);
            settings.add("-Dquarkus.http.port=" + chosenPort);
            properties.forEach((key, value) -> settings.add("-D" + key + "=" + value));
            if (runner.toString().endsWith(".jar")) {
                command.addAll(java());
                command.addAll(settings);
                command.add("-jar");
                command.add(runner.toString());
            } else {
                command.add(runner.toString());
                command.addAll(settings);
            }
            return command;
        }

        private static List<String> java() {
            List<String> java = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow"));
            String options = System.getenv().getOrDefault(RUNNER_OPTIONS, "");
            if (!options.isBlank()) {
                java.addAll(List.of(options.strip().split("\\s+", -1)));
            }
            return java;
        }
    }

    /** What the environment names, else the runner jar of the project that holds the working directory. */
    public static Path runnerInProject() {
        return runnerIn(Path.of("").toAbsolutePath());
    }

    /** What the environment names, else the runner jar of the project that is or holds the folder, an absolute path. */
    static Path runnerIn(Path projectOrBelow) {
        String named = System.getenv(RUNNER);
        if (named != null && !named.isBlank()) {
            if (!Files.isRegularFile(Path.of(named))) {
                throw new StartFailure(RUNNER + "=" + named + " is no file: it must be a runner jar or an executable");
            }
            return Path.of(named).toAbsolutePath();
        }
        for (var folder = projectOrBelow; folder != null; folder = folder.getParent()) {
            var runner = folder.resolve(RUNNER_IN_PROJECT);
            if (Files.isRegularFile(runner)) {
                return runner;
            }
        }
        throw new StartFailure(RUNNER_IN_PROJECT + " is missing: build functions/edge first (mvn package)");
    }

    /**
     * Starts the process and waits until it says that it is ready.
     *
     * @throws StartFailure when the port is taken, the process ends early or it is not ready in time; no process is left
     */
    public static EdgeProcess start(Launch launch) throws IOException, InterruptedException {
        var port = LoopbackPort.free(launch.port(), "--port");
        var builder = new ProcessBuilder(launch.command(port))
                .redirectErrorStream(true)
                .redirectOutput(launch.log().toFile());
        builder.environment().putAll(launch.environment());
        var process = builder.start();
        var edge = new EdgeProcess(process, URI.create("http://" + LoopbackPort.HOST + ":" + port), launch.log());
        try {
            Runtime.getRuntime().addShutdownHook(edge.stopWithThisJvm);
            process.getOutputStream().close();
            edge.awaitReady(launch.startLimit());
            return edge;
        } catch (IOException | InterruptedException | RuntimeException failed) {
            edge.stop();
            throw failed;
        }
    }

    private void awaitReady(Duration limit) throws IOException, InterruptedException {
        var deadlineNanos = System.nanoTime() + limit.toNanos();
        try (var client = HttpClient.newHttpClient()) {
            while (!isReady(client)) {
                if (process.waitFor(BETWEEN_PROBES)) {
                    throw new StartFailure("the functions ended with exit code " + process.exitValue()
                            + " while starting (" + log + "): " + lastLines());
                }
                if (System.nanoTime() - deadlineNanos >= 0) {
                    throw new StartFailure(
                            "the functions were not ready after " + limit.toSeconds() + " s: see " + log);
                }
            }
        }
    }

    private boolean isReady(HttpClient client) throws InterruptedException {
        var request = HttpRequest.newBuilder(uri.resolve("/q/health/ready"))
                .timeout(PROBE_LIMIT)
                .build();
        try {
            return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private String lastLines() throws IOException {
        var lines = Files.readAllLines(log);
        return String.join(" | ", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
    }

    /** {@code http://127.0.0.1:port}, without a path. */
    public URI uri() {
        return uri;
    }

    /** The process's output, for a person. */
    public Path log() {
        return log;
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    /** Waits until the process ends, however long that takes, and returns its exit code. */
    public int awaitEnd() throws InterruptedException {
        return process.waitFor();
    }

    /** Asks the process to stop, waits for it, and kills it when it does not. Calling it again does nothing. */
    public void stop() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(stopWithThisJvm);
        } catch (IllegalStateException shuttingDown) {
            // This JVM ends already: the hook has run or will find the process gone.
        }
    }

    @Override
    public void close() {
        stop();
    }

    private void end() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException hurried) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
