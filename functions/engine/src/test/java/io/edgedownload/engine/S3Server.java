package io.edgedownload.engine;

import java.net.URI;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;

/** A real S3 server on loopback that checks signatures, with one bucket in memory. */
final class S3Server {
    static final String BUCKET = "downloads";
    static final String REGION = "us-east-1";
    static final String ACCESS_KEY_ID = "edge-download-test";

    private final S3Proxy server;
    private final BlobStore objects;
    private final URI endpoint;

    private S3Server(S3Proxy server, BlobStore objects) {
        this.server = server;
        this.objects = objects;
        // Asked now: a stopped server no longer knows its port.
        this.endpoint = URI.create("http://127.0.0.1:" + server.getPort());
    }

    static S3Server start(String secretAccessKey) throws Exception {
        BlobStore objects = new TransientNio2BlobStore();
        objects.createContainer(BUCKET);
        S3Proxy server = S3Proxy.builder()
                .blobStore(objects)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY_ID, secretAccessKey)
                // Otherwise every idle connection of a client makes stopping wait.
                .stopTimeout(0)
                .build();
        server.start();
        return new S3Server(server, objects);
    }

    URI endpoint() {
        return endpoint;
    }

    void stop() throws Exception {
        server.stop();
        objects.close();
    }
}
