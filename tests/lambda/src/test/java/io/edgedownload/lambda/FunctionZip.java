package io.edgedownload.lambda;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** What functions/lambda has built, unpacked as Lambda does it. */
final class FunctionZip {
    private static final Path IN_PROJECT = Path.of("functions", "lambda", "target", "function.zip");

    private FunctionZip() {}

    /** Unpacks it into the folder and returns the folder. */
    static Path unpackedInto(Path folder) throws IOException {
        Path zip = Path.of(System.getProperty("basedir", ""))
                .toAbsolutePath()
                .resolve("../..")
                .resolve(IN_PROJECT)
                .normalize();
        if (!Files.isRegularFile(zip)) {
            throw new IOException(IN_PROJECT + " is missing: build it with mvn -Plambda package");
        }
        try (var file = new ZipFile(zip.toFile())) {
            for (ZipEntry entry :
                    file.stream().filter(entry -> !entry.isDirectory()).toList()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException("outside of the folder: " + entry.getName());
                }
                Files.createDirectories(target.getParent());
                try (InputStream bytes = file.getInputStream(entry)) {
                    Files.copy(bytes, target, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return folder;
    }
}
