package io.edgedownload.edge;

import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * One request for a download on its way: what every step of answering it needs.
 *
 * @param context the event loop that the connection lives on; the response is written there only
 * @param tenant whose share of the connections it uses; empty when that is nobody's in particular
 * @param trace takes note of the steps
 */
record Invocation(
        HttpServerRequest request,
        Context context,
        DownloadId id,
        String tenant,
        AnswerTrace trace,
        Deadline deadline) {
    private static final Logger LOG = Logger.getLogger(Invocation.class);

    HttpServerResponse response() {
        return request.response();
    }

    boolean isHead() {
        return request.method().equals(HttpMethod.HEAD);
    }

    /** Whether there is nobody to answer any more. */
    boolean isOver() {
        return response().ended() || response().closed();
    }

    /** Hands what the future brings to the action, on the event loop. */
    <T> void whenDone(CompletableFuture<T> future, Consumer<T> action) {
        var _ = future.whenComplete((value, failure) -> onEventLoop(() -> {
            if (failure != null) {
                failUnforeseen(failure);
            } else {
                action.accept(value);
            }
        }));
    }

    /** Runs on the event loop, at once when this is it. An error ends the answer: nobody is left waiting for one. */
    void onEventLoop(Runnable action) {
        if (Context.isOnEventLoopThread() && context.equals(Vertx.currentContext())) {
            run(action);
        } else {
            context.runOnContext(ignored -> run(action));
        }
    }

    private void run(Runnable action) {
        try {
            action.run();
        } catch (RuntimeException | Error e) {
            failUnforeseen(e);
        }
    }

    private void failUnforeseen(Throwable failure) {
        if (response().headWritten()) {
            LOG.errorf(failure, "answering %s failed", id.value());
            Sockets.reset(request);
        } else {
            Problems.unforeseen(request, failure);
        }
    }

    void fail(Problem problem) {
        onEventLoop(() -> Problems.answer(request, problem));
    }

    /** The problem of a generation that is not the current one, with the way to the current one. */
    void failChanged(Manifest current) {
        fail(Problem.of(
                        ProblemType.GENERATION_CHANGED,
                        "The signature is for an earlier state of the object; POST {\"id\":\""
                                + current.id().value() + "\"} to /resolve for the current one, and begin again.")
                .with("Link", "</resolve>; rel=\"describedby\"; type=\"application/json\""));
    }
}
