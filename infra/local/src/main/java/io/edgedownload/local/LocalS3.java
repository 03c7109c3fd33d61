package io.edgedownload.local;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/**
 * An S3 endpoint on loopback (S3Proxy): path-style addresses, real SigV4 checks of headers and presigned URLs, one
 * bucket, objects kept as files.
 */
public final class LocalS3 implements AutoCloseable {
    public static final String BUCKET = "downloads";
    public static final String REGION = "us-east-1";
    public static final String ACCESS_KEY_ID = "edge-download-local";

    /** Held here because java.util.logging forgets the level of a logger that nobody holds. */
    private static final List<Logger> QUIET = List.of(Logger.getLogger("org.gaul"));

    static {
        QUIET.forEach(logger -> logger.setLevel(Level.WARNING));
    }

    private final S3Proxy server;
    private final BlobStore objects;
    private final URI endpoint;
    private final String secretAccessKey;

    private LocalS3(S3Proxy server, BlobStore objects, String secretAccessKey) {
        this.server = server;
        this.objects = objects;
        // Asked now: a stopped server no longer knows its port.
        this.endpoint = URI.create("http://" + LoopbackPort.HOST + ":" + server.getPort());
        this.secretAccessKey = secretAccessKey;
    }

    /**
     * Starts the server and makes the bucket when it is missing.
     *
     * @param directory holds the bucket's objects; made when missing
     * @param port TCP port on 127.0.0.1; 0 picks a free one
     * @param secretAccessKey the only secret key it accepts, for {@link #ACCESS_KEY_ID}
     */
    public static LocalS3 start(Path directory, int port, String secretAccessKey) throws IOException {
        Files.createDirectories(directory);
        var objects = objectsIn(directory);
        if (!objects.containerExists(BUCKET)) {
            objects.createContainer(BUCKET);
        }
        var server = S3Proxy.builder()
                .blobStore(objects)
                .endpoint(URI.create("http://" + LoopbackPort.HOST + ":" + port))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY_ID, secretAccessKey)
                // Otherwise every idle connection of a client makes stopping wait.
                .stopTimeout(0)
                .build();
        try {
            server.start();
        } catch (Exception failed) {
            throw new StartFailure("the local S3 server could not start: " + failed.getMessage(), failed);
        }
        return new LocalS3(server, objects, secretAccessKey);
    }

    /** ETags live in extended attributes; on a file system without them the objects are kept in memory instead. */
    private static BlobStore objectsIn(Path directory) throws IOException {
        return Files.getFileStore(directory).supportsFileAttributeView("user")
                ? new FilesystemNio2BlobStore(directory.toString())
                : new TransientNio2BlobStore();
    }

    /** Stores the file under the key, unless an object of that length is there already. */
    public void ensureObject(String key, Path file) throws IOException {
        var lengthBytes = Files.size(file);
        var known = objects.blobMetadataIfPresent(BUCKET, key);
        if (known != null && known.contentLength() == lengthBytes) {
            return;
        }
        var request = PutObjectRequest.builder()
                .bucket(BUCKET)
                .key(key)
                .contentLength(lengthBytes)
                .contentType("application/octet-stream")
                .build();
        try (var bytes = Files.newInputStream(file)) {
            objects.putBlob(request, bytes);
        }
    }

    /** {@code http://127.0.0.1:port}, without a path. */
    public URI endpoint() {
        return endpoint;
    }

    public String secretAccessKey() {
        return secretAccessKey;
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception failed) {
            Logger.getLogger(LocalS3.class.getName()).log(Level.WARNING, "the local S3 server did not stop", failed);
        }
        objects.close();
    }
}
