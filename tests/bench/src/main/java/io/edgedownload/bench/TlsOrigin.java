package io.edgedownload.bench;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** An HTTPS origin on loopback that answers everything with the same bytes. Its key lasts as long as its folder. */
final class TlsOrigin {
    static final String HOST = "origin.test";

    private static final String PASSWORD = "for-loopback-only";

    private final HttpServer server;

    private TlsOrigin(HttpServer server) {
        this.server = server;
    }

    /** Listens on a free port; this JVM trusts its certificate, and no other one from now on. */
    static TlsOrigin start(Vertx vertx, Path folder, int bodyBytes) throws IOException, InterruptedException {
        Path keys = folder.resolve("origin.p12");
        makeKey(keys);
        System.setProperty("javax.net.ssl.trustStore", keys.toString());
        System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
        HttpServerOptions options = new HttpServerOptions()
                .setHost(Peer.HOST)
                .setSsl(true)
                .setKeyCertOptions(new PfxOptions().setPath(keys.toString()).setPassword(PASSWORD));
        Buffer body = Buffer.buffer(new byte[bodyBytes]);
        return new TlsOrigin(vertx.createHttpServer(options)
                .requestHandler(request -> request.response().end(body))
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join());
    }

    int port() {
        return server.actualPort();
    }

    private static void makeKey(Path keys) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + HOST,
                        "-ext",
                        "san=dns:" + HOST,
                        "-alias",
                        "origin",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        keys.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool failed with exit code " + keytool.exitValue());
        }
    }
}
