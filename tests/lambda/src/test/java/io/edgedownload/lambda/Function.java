package io.edgedownload.lambda;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import io.edgedownload.fixtures.lambda.FunctionUrl;
import io.edgedownload.fixtures.lambda.LambdaRuntimeApi;
import io.edgedownload.fixtures.lambda.RuntimeCall;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The functions in a process of AWS's runtime client, reached through a function URL. */
final class Function implements AutoCloseable {
    private static final String HANDLER = "io.quarkus.amazon.lambda.runtime.QuarkusStreamHandler::handleRequest";
    private static final Path UNPACKED = Path.of("target", "function").toAbsolutePath();
    private static final Object UNPACKING = new Object();

    private static final Duration END_LIMIT = Duration.ofSeconds(10);

    private final LambdaRuntimeApi api;
    private final FunctionUrl url;
    private final Process process;

    private Function(LambdaRuntimeApi api, FunctionUrl url, Process process) {
        this.api = api;
        this.url = url;
        this.process = process;
    }

    /**
     * Returns when the function asks for its first invocation.
     *
     * @param name of its log under target/
     * @param properties of the process; every user of the machine can read them
     * @param environment for secrets
     */
    static Function start(String name, Map<String, String> properties, Map<String, String> environment)
            throws IOException, InterruptedException {
        LambdaRuntimeApi api = LambdaRuntimeApi.start();
        Path log = Files.createDirectories(Path.of("target", "logs")).resolve(name + ".log");
        var builder = new ProcessBuilder(command(properties))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        builder.environment()
                .putAll(Map.of(
                        "AWS_LAMBDA_RUNTIME_API", api.address(),
                        "AWS_LAMBDA_FUNCTION_NAME", "edge-download",
                        "AWS_LAMBDA_FUNCTION_VERSION", "$LATEST",
                        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024",
                        "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand",
                        "AWS_REGION", "us-east-1"));
        var function = new Function(api, FunctionUrl.of(api), builder.start());
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(function.process::destroyForcibly));
            api.awaitStart();
            return function;
        } catch (RuntimeException | Error failed) {
            // A start that fails ends by itself; its log says why.
            boolean ended = function.process.waitFor(END_LIMIT);
            function.close();
            throw new AssertionError((ended ? "ended: " : "hangs: ") + Files.readString(log), failed);
        }
    }

    /** With the options that Lambda's own Java runtime has. */
    private static List<String> command(Map<String, String> properties) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx640m"));
        properties.forEach((key, value) -> command.add("-D" + key + "=" + value));
        command.addAll(List.of("-cp", classPath(), AWSLambda.class.getName(), HANDLER));
        return command;
    }

    private static String classPath() throws IOException {
        synchronized (UNPACKING) {
            if (!Files.exists(UNPACKED.resolve("lib"))) {
                FunctionZip.unpackedInto(UNPACKED);
            }
        }
        return String.join(
                File.pathSeparator,
                UNPACKED.toString(),
                UNPACKED.resolve("lib") + "/*",
                jarOf(AWSLambda.class),
                jarOf(PojoSerializer.class));
    }

    private static String jarOf(Class<?> type) {
        return Path.of(URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    URI uri() {
        return url.uri();
    }

    URI download(String id) {
        return url.uri().resolve("/download/" + id);
    }

    /** From now on an invocation may take that long. */
    void limit(Duration time) {
        api.limit(time);
    }

    /** The last invocation's end. */
    RuntimeCall.Ended lastEnd() {
        return api.calls().all().stream()
                .filter(RuntimeCall.Ended.class::isInstance)
                .map(RuntimeCall.Ended.class::cast)
                .reduce((_, later) -> later)
                .orElseThrow();
    }

    /** Stops its process as Lambda does between two invocations. */
    void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    /** Stays frozen for that long. */
    void stayFrozen(Duration time) throws InterruptedException {
        if (process.waitFor(time)) {
            throw new AssertionError("it ended while it was frozen");
        }
    }

    private void signal(String signal) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                        .start()
                        .waitFor()
                != 0) {
            throw new IOException("no signal " + signal);
        }
    }

    @Override
    public void close() {
        // Nobody tells a function that it ends.
        process.destroyForcibly();
        url.close();
        api.close();
    }
}
