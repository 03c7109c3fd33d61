package io.edgedownload.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.local.EdgeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The functions with a Java runtime and nothing else, as an image of podman: there is no shell in it, and no registry is asked. */
final class FunctionsImage {
    static final String NAME = "localhost/edge-download:of-a-test";

    /** What Quarkus may ask of a runtime on the class path. */
    private static final String MODULES =
            "java.se,jdk.unsupported,jdk.crypto.ec,jdk.management,jdk.naming.dns,jdk.zipfs";

    private static final Pattern LIBRARY = Pattern.compile("/\\S+\\.so\\S*");

    private final Map<String, String> environment;

    private FunctionsImage(Map<String, String> environment) {
        this.environment = environment;
    }

    /** @param folder that is empty and takes what goes into the image */
    static FunctionsImage make(Path folder) throws IOException, InterruptedException {
        Path settings = folder.resolve("containers.conf");
        // Of the limits that this process may hand on itself, not podman's higher ones.
        Files.writeString(settings, """
                [containers]
                default_ulimits = ["nofile=4096:4096", "nproc=1024:1024"]
                [engine]
                runtime = "runc"
                """);
        FunctionsImage image = new FunctionsImage(Map.of("CONTAINERS_CONF", settings.toString()));
        Path root = Files.createDirectory(folder.resolve("root"));
        Path java = Path.of(System.getProperty("java.home"), "bin");
        String runtime = root.resolve("jre").toString();
        image.run(
                java.resolve("jlink").toString(),
                "--add-modules",
                MODULES,
                "--strip-debug",
                "--no-man-pages",
                "--no-header-files",
                "--output",
                runtime);
        image.copyLibraries(root, runtime);
        image.run(
                "cp",
                "-rL",
                EdgeProcess.runnerInProject().resolveSibling(".").toString(),
                root.resolve("app").toString());
        image.run("chmod", "-R", "a+rX", root.toString());
        Path archive = folder.resolve("root.tar");
        image.run("tar", "-C", root.toString(), "-cf", archive.toString(), ".");
        image.run(
                "podman",
                "import",
                "--change",
                "ENTRYPOINT [\"/jre/bin/java\",\"-jar\",\"/app/quarkus-run.jar\"]",
                "--change",
                "USER 1001",
                archive.toString(),
                NAME);
        return image;
    }

    /** The C library and the others that a runtime is linked to, where it looks for them. */
    private void copyLibraries(Path root, String runtime) throws IOException, InterruptedException {
        TreeSet<String> libraries = new TreeSet<>();
        for (String each :
                List.of("bin/java", "lib/server/libjvm.so", "lib/libnet.so", "lib/libnio.so", "lib/libzip.so")) {
            LIBRARY.matcher(run("ldd", runtime + "/" + each))
                    .results()
                    .map(MatchResult::group)
                    .forEach(libraries::add);
        }
        libraries.removeIf(library -> library.startsWith(runtime));
        for (String library : libraries) {
            Path copy = root.resolve(library.substring(1));
            Files.createDirectories(copy.getParent());
            Files.copy(Path.of(library), copy);
        }
    }

    /** Runs a command to its end and gives back what it said; fails when it fails. */
    String run(String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command))).redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> String.join(" ", command) + ": " + said);
        return said;
    }

    void delete() throws IOException, InterruptedException {
        run("podman", "rmi", "--force", NAME);
    }
}
