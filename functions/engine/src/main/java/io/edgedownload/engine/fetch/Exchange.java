package io.edgedownload.engine.fetch;

import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.connect.Connector;
import io.edgedownload.engine.connect.Lease;
import io.edgedownload.engine.connect.Leasing;
import io.edgedownload.engine.connect.Origin;
import io.edgedownload.engine.connect.Trust;
import io.edgedownload.engine.connect.Wanted;
import io.edgedownload.engine.connect.Wanted.Reuse;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.resolve.Resolver;
import io.edgedownload.engine.resolve.Resolver.Resolution;
import io.edgedownload.engine.time.Deadline;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request and its answer: resolve, connect, send, receive. Redirects are followed at most {@value #MAX_REDIRECTS} times,
 * never from https to http, and each goes through the same checks as the first address.
 */
final class Exchange {
    private static final int MAX_REDIRECTS = 3;
    /** A hop to the event loop and back. */
    private static final Duration SALVAGE = Duration.ofMillis(100);

    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Resolver resolver;
    private final Connector connector;
    private final Fetcher.Limits limits;

    Exchange(Resolver resolver, Connector connector, Fetcher.Limits limits) {
        this.resolver = resolver;
        this.connector = connector;
        this.limits = limits;
    }

    <T> Exchanged<T> run(
            HttpMethod method,
            URI uri,
            Trust trust,
            MultiMap fields,
            Receiver<T> receiver,
            Attempt attempt,
            Deadline deadline)
            throws InterruptedException {
        return run(method, uri, trust, new Content(fields, null), receiver, attempt, deadline);
    }

    /** What a request carries; it can be sent more than once. */
    record Content(MultiMap fields, @Nullable Buffer body) {}

    <T> Exchanged<T> run(
            HttpMethod method,
            URI uri,
            Trust trust,
            Content content,
            Receiver<T> receiver,
            Attempt attempt,
            Deadline deadline)
            throws InterruptedException {
        URI current = uri;
        int redirects = 0;
        Reuse reuse = Reuse.ALLOWED;
        while (true) {
            Wanted wanted = new Wanted(
                    Origin.of(current),
                    redirects == 0 ? trust : Trust.SOURCE,
                    method,
                    requestUri(current),
                    attempt.holder(),
                    reuse,
                    deadline);
            switch (once(wanted, content, receiver, attempt, deadline)) {
                case Step.Received<T>(T answer) -> {
                    return new Exchanged.Answered<>(answer);
                }
                case Step.Broken<T>(Failure failure) -> {
                    return new Exchanged.Failed<>(failure);
                }
                case Step.Stale<T>(Failure failure) -> {
                    // GET, HEAD and PUT may be sent again (RFC 9110 §9.2.2): once, for a new connection is never stale.
                    if (deadline.passed()) {
                        return new Exchanged.Failed<>(failure);
                    }
                    reuse = Reuse.FRESH;
                }
                case Step.Redirected<T>(String location) -> {
                    URI next = target(current, location);
                    if (next == null || redirects == MAX_REDIRECTS) {
                        return failed(Kind.LIED, next == null ? "unusable redirect" : "more than 3 redirects");
                    }
                    current = next;
                    redirects++;
                    reuse = Reuse.ALLOWED;
                }
            }
        }
    }

    private sealed interface Step<T> {
        record Received<T>(T answer) implements Step<T> {}

        record Redirected<T>(String location) implements Step<T> {}

        record Broken<T>(Failure failure) implements Step<T> {}

        /** A connection that was used before ended before its answer began: it had been left by the other end. */
        record Stale<T>(Failure failure) implements Step<T> {}
    }

    private <T> Step<T> once(Wanted wanted, Content content, Receiver<T> receiver, Attempt attempt, Deadline deadline)
            throws InterruptedException {
        Origin origin = wanted.origin();
        Deadline connected = deadline.within(limits.connectTimeout());
        long startNanos = deadline.ticker().nanos();
        Resolution resolution = resolver.resolve(origin.host(), connected);
        long resolvedNanos = deadline.ticker().nanos();
        attempt.resolved(resolvedNanos - startNanos);
        return switch (resolution) {
            case Resolution.NoAddress(var denial, var from) ->
                broken(
                        Kind.NAME,
                        Layer.DNS,
                        origin + ": the name has no address (" + denial + " from " + from.server() + ")");
            case Resolution.Failed(String reason) -> broken(Kind.NAME, Layer.DNS, origin + ": " + reason);
            case Resolution.TimedOut() ->
                broken(Kind.TIMEOUT, Layer.DNS, origin + ": resolving the name took too long");
            case Resolution.Resolved(List<InetAddress> addresses, var _) -> {
                Leasing leasing =
                        connector.lease(wanted, attempt.among(addresses), secured(origin, connected, deadline));
                attempt.leased(leasing, deadline.ticker().nanos() - resolvedNanos);
                yield switch (leasing) {
                    case Leasing.Leased(Lease lease) -> {
                        try {
                            yield converse(origin, lease, content, receiver, attempt, deadline);
                        } finally {
                            lease.end();
                        }
                    }
                    case Leasing.Forbidden(InetAddress address) ->
                        broken(
                                Kind.FORBIDDEN_ADDRESS,
                                Layer.CONNECT,
                                origin + ": a source must not be at " + address.getHostAddress());
                    case Leasing.Unreachable(String reason) ->
                        broken(Kind.UNREACHABLE, Layer.CONNECT, origin + ": " + reason);
                    case Leasing.TlsFailed(String reason) -> broken(Kind.TLS, Layer.TLS, origin + ": " + reason);
                    case Leasing.TimedOut(Leasing.Step step) -> timedOut(origin, step);
                    case Leasing.ShareUsedUp() ->
                        broken(Kind.TENANT_SHARE, Layer.WAIT, origin + ": the tenant's connections are all in use");
                    case Leasing.Exhausted() ->
                        broken(Kind.OVERLOAD, Layer.WAIT, origin + ": all connections are in use");
                };
            }
        };
    }

    /** TLS has its own time after that of the connection, within the attempt's. */
    private Deadline secured(Origin origin, Deadline connected, Deadline deadline) {
        return origin.secure() ? deadline.within(connected.remaining().plus(connector.handshakeTimeout())) : connected;
    }

    private <T> Step<T> converse(
            Origin origin, Lease lease, Content content, Receiver<T> receiver, Attempt attempt, Deadline deadline)
            throws InterruptedException {
        HttpClientRequest request = lease.request();
        request.headers().addAll(content.fields());
        // What is left travels upstream, so that work is not done there for an answer that nobody waits for.
        request.putHeader("x-envoy-expected-rq-timeout-ms", Long.toString(deadline.remainingMillis()));
        long sentNanos = deadline.ticker().nanos();
        // Set before the request is sent: an answer that came in between would begin without its receiver.
        Future<Step<T>> step =
                request.response().compose(response -> received(response, receiver, attempt, sentNanos, deadline));
        var _ = content.body() == null ? request.end() : request.end(content.body());
        try {
            Step<T> taken = deadline.await(step.toCompletionStage());
            if (taken instanceof Step.Received<T>(T answer) && receiver.isCut(answer)) {
                lease.failed(Lease.Fault.BROKEN_IN_ANSWER);
            }
            return taken;
        } catch (TimeoutException e) {
            long waitedNanos = deadline.ticker().nanos() - sentNanos;
            // A caller in a hurry says nothing of the other end.
            if (attempt.course().status() == 0
                    && waitedNanos >= limits.connectTimeout().toNanos()) {
                lease.failed(Lease.Fault.SILENT);
            }
            attempt.givenUp(waitedNanos);
            boolean begun = attempt.course().status() != 0;
            T rest = begun ? salvaged(request, step, deadline) : null;
            if (rest != null) {
                return new Step.Received<>(rest);
            }
            abandon(request, step, receiver);
            return new Step.Broken<>(tooSlow(origin, begun ? Layer.BODY : Layer.FIRST_BYTE));
        } catch (InterruptedException e) {
            attempt.givenUp(deadline.ticker().nanos() - sentNanos);
            abandon(request, step, receiver);
            throw e;
        } catch (ExecutionException e) {
            attempt.givenUp(deadline.ticker().nanos() - sentNanos);
            lease.failed(
                    attempt.course().status() == 0 ? Lease.Fault.BROKEN_BEFORE_ANSWER : Lease.Fault.BROKEN_IN_ANSWER);
            request.reset();
            Failure failure = Failure.of(Kind.UNREACHABLE, origin + ": " + e.getMessage())
                    .in(attempt.course().status() == 0 ? Layer.FIRST_BYTE : Layer.BODY);
            return lease.reused() ? new Step.Stale<>(failure) : new Step.Broken<>(failure);
        }
    }

    static Failure tooSlow(Origin origin, Layer layer) {
        return Failure.of(Kind.TIMEOUT, origin + ": the answer took too long").in(layer);
    }

    private static <T> Step<T> timedOut(Origin origin, Leasing.Step step) {
        return switch (step) {
            case WAIT -> broken(Kind.TIMEOUT, Layer.WAIT, origin + ": all connections were in use for too long");
            case CONNECT -> broken(Kind.TIMEOUT, Layer.CONNECT, origin + ": connecting took too long");
            case TLS -> broken(Kind.TIMEOUT, Layer.TLS, origin + ": the TLS handshake took too long");
        };
    }

    /** What came of an answer whose time is over: its receiver ends when the request is reset, and hands it over. */
    private static <T> @Nullable T salvaged(HttpClientRequest request, Future<Step<T>> step, Deadline deadline)
            throws InterruptedException {
        request.reset();
        try {
            Step<T> ended = Deadline.after(SALVAGE, deadline.ticker()).await(step.toCompletionStage());
            return ended instanceof Step.Received<T>(T answer) ? answer : null;
        } catch (TimeoutException | ExecutionException e) {
            return null;
        }
    }

    private static <T> Future<Step<T>> received(
            HttpClientResponse response, Receiver<T> receiver, Attempt attempt, long sentNanos, Deadline deadline) {
        long headNanos = deadline.ticker().nanos();
        attempt.answered(response.statusCode(), headNanos - sentNanos);
        String location = response.getHeader("Location");
        if (REDIRECTS.contains(response.statusCode()) && location != null) {
            drop(response);
            return Future.succeededFuture(new Step.Redirected<>(location));
        }
        return receiver.receive(response).map(answer -> {
            attempt.received(deadline.ticker().nanos() - headNanos);
            return new Step.Received<>(answer);
        });
    }

    /** Ends an answer whose body nobody will read. */
    static void drop(HttpClientResponse response) {
        // Without a handler Vert.x would log the reset as an error.
        response.exceptionHandler(expected -> {});
        response.request().reset();
    }

    private static <T> void abandon(HttpClientRequest request, Future<Step<T>> step, Receiver<T> receiver) {
        step.onSuccess(late -> {
            if (late instanceof Step.Received<T>(T answer)) {
                receiver.discard(answer);
            }
        });
        request.reset();
    }

    private static @Nullable URI target(URI from, String location) {
        try {
            URI to = from.resolve(location);
            URI checked = Source.checked(to);
            return Origin.of(from).secure() && !Origin.of(checked).secure() ? null : checked;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static String requestUri(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private static <T> Step<T> broken(Kind kind, Layer layer, String detail) {
        return new Step.Broken<>(Failure.of(kind, detail).in(layer));
    }

    private static <T> Exchanged<T> failed(Kind kind, String detail) {
        return new Exchanged.Failed<>(Failure.of(kind, detail).in(Layer.FIRST_BYTE));
    }
}
