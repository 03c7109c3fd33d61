package io.edgedownload.local.origin;

import io.edgedownload.local.StartFailure;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP/1.1 file server on loopback with ranges and strong validators, whose {@link OriginMode} can be switched while
 * it runs: by {@link #switchTo} or over HTTP on the control port, which stays open when the origin itself is off.
 *
 * <p>Control port: {@code POST /-/mode?to=on|off|slow|flaky|corrupt} and {@code GET /-/stats}.
 */
public final class SampleOrigin implements AutoCloseable {
    private static final String HOST = "127.0.0.1";

    private final Vertx vertx;
    private final RequestLog log;
    private final OriginHandler handler;
    private final HttpServer control;
    private final int port;
    private volatile OriginMode mode = OriginMode.ON;
    private @Nullable HttpServer server;

    private SampleOrigin(Vertx vertx, Path directory, RequestLog log, int port, int controlPort) {
        this.vertx = vertx;
        this.log = log;
        this.handler = new OriginHandler(vertx, directory, log, () -> mode);
        var listening = listen(port);
        this.server = listening;
        this.port = listening.actualPort();
        this.control =
                await(vertx.createHttpServer().requestHandler(this::control).listen(controlPort, HOST));
    }

    /**
     * Starts in mode on.
     *
     * @param directory the files, served as {@code /name}
     * @param log takes one line a request, bounded
     * @param port TCP port on 127.0.0.1; 0 picks a free one and keeps it for as long as this object lives
     * @param controlPort likewise for the control port
     */
    public static SampleOrigin start(Path directory, Path log, int port, int controlPort) throws IOException {
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(4));
        var requestLog = new RequestLog(log);
        try {
            return new SampleOrigin(vertx, directory, requestLog, port, controlPort);
        } catch (CompletionException failed) {
            requestLog.close();
            await(vertx.close());
            throw new StartFailure("the sample origin could not start: " + failed.getMessage(), failed);
        }
    }

    /** {@code http://127.0.0.1:port}, without a path; the same in every mode. */
    public URI uri() {
        return URI.create("http://" + HOST + ":" + port);
    }

    /** Where the origin is switched and counted: {@code http://127.0.0.1:controlPort}, without a path. */
    public URI controlUri() {
        return URI.create("http://" + HOST + ":" + control.actualPort());
    }

    public OriginMode mode() {
        return mode;
    }

    public OriginStats stats() {
        return handler.stats();
    }

    /**
     * Returns when the new mode holds for every new request; off also cuts the requests that run. Blocks.
     *
     * @throws StartFailure when the port was taken by another program while the origin was off
     */
    public synchronized void switchTo(OriginMode wanted) {
        if (wanted == OriginMode.OFF && server != null) {
            await(server.close());
            server = null;
        }
        if (wanted != OriginMode.OFF && server == null) {
            try {
                server = listen(port);
            } catch (CompletionException taken) {
                throw new StartFailure("port " + port + " was taken while the sample origin was off", taken);
            }
        }
        mode = wanted;
    }

    private HttpServer listen(int onPort) {
        var options = new HttpServerOptions().setHost(HOST).setPort(onPort);
        return await(
                vertx.createHttpServer(options).requestHandler(handler::handle).listen());
    }

    private void control(HttpServerRequest request) {
        switch (request.method() + " " + request.path()) {
            case "GET /-/stats" ->
                request.response().putHeader("Content-Type", "application/json").end(stats().json(mode));
            case "POST /-/mode" ->
                OriginMode.of(String.valueOf(request.getParam("to")))
                        .ifPresentOrElse(wanted -> switchAndAnswer(request, wanted), () -> refuse(request, 400));
            default -> refuse(request, 404);
        }
    }

    private void switchAndAnswer(HttpServerRequest request, OriginMode wanted) {
        vertx.executeBlocking(() -> {
                    switchTo(wanted);
                    return wanted;
                })
                .onSuccess(now -> request.response().end("the sample origin is " + now.word() + "\n"))
                .onFailure(failed -> request.response().setStatusCode(500).end(failed.getMessage() + "\n"));
    }

    private static void refuse(HttpServerRequest request, int status) {
        request.response().setStatusCode(status).end("POST /-/mode?to=" + OriginMode.words() + " or GET /-/stats\n");
    }

    /** For a thread that may block; failures come as CompletionException with the cause's message. */
    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    @Override
    public void close() throws IOException {
        await(vertx.close());
        log.close();
    }
}
