package io.edgedownload.engine.fetch;

import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.connect.Connector;
import io.edgedownload.engine.connect.Origin;
import io.edgedownload.engine.connect.Trust;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.resolve.Resolver;
import io.edgedownload.engine.time.Deadline;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Fetches ranges. Only a 206 whose Content-Range is exactly the range, of an object in the state that was published, with a
 * body of just that length is an answer; anything else is a failure of the source.
 */
public final class Fetcher {
    private static final String USER_AGENT = "edge-download";

    private final Exchange exchange;
    private final Vertx vertx;
    private final ByteBufAllocator buffers;
    private final Limits limits;

    /**
     * @param connectTimeout for the name, the connection and the TLS handshake together
     * @param attemptTimeout for a whole attempt, to the last byte
     * @param progressFloorBytesPerSecond what a body must bring on average over each window
     * @param progressWindow at least 1 ms
     */
    public record Limits(
            Duration connectTimeout,
            Duration attemptTimeout,
            long progressFloorBytesPerSecond,
            Duration progressWindow) {}

    /** @param buffers where the buffers of answers come from; they are direct and of the range's exact size */
    public Fetcher(Vertx vertx, Resolver resolver, Connector connector, ByteBufAllocator buffers, Limits limits) {
        this.exchange = new Exchange(resolver, connector, limits);
        this.vertx = vertx;
        this.buffers = buffers;
        this.limits = limits;
    }

    /** Fetches the range. Blocks until it is there, has failed, or the deadline has passed. */
    public Fetched fetch(RangeQuery query, Attempt attempt, Deadline deadline) throws InterruptedException {
        MultiMap fields =
                common(attempt).add(HttpHeaderNames.RANGE, query.rest().field());
        addConditions(fields, query.validator());
        RangeReceiver receiver = new RangeReceiver(query, vertx, buffers, limits);
        Deadline inTime = deadline.within(limits.attemptTimeout());
        return switch (exchange.run(HttpMethod.GET, query.uri(), query.trust(), fields, receiver, attempt, inTime)) {
            case Exchanged.Answered<Fetched>(Fetched fetched) ->
                switch (fetched) {
                    case Fetched.Complete complete ->
                        new Fetched.Complete(complete.bytes(), attempt.course().timings());
                    case Fetched.Broken(ByteBuf bytes, Failure failure)
                    when failure.kind() == Kind.CUT && inTime.passed() ->
                        // It was cut from here, because its time was over.
                        new Fetched.Broken(bytes, Exchange.tooSlow(Origin.of(query.uri()), Layer.BODY));
                    case Fetched.Broken broken -> broken;
                    case Fetched.Failed(Failure failure)
                    when failure.kind() == Kind.CUT && inTime.passed() ->
                        new Fetched.Failed(Exchange.tooSlow(Origin.of(query.uri()), Layer.BODY));
                    case Fetched.Failed(Failure failure) -> new Fetched.Failed(failure.atLeastIn(Layer.FIRST_BYTE));
                };
            case Exchanged.Failed<Fetched>(Failure failure) -> new Fetched.Failed(failure);
        };
    }

    /** What HEAD says of the object; it is a hint only, for servers answer HEAD by other code than GET. */
    public Probed probeByHead(URI uri, Trust trust, Attempt attempt, Deadline deadline) throws InterruptedException {
        return probe(HttpMethod.HEAD, uri, trust, common(attempt), attempt, deadline);
    }

    /** What a GET for the first byte says of the object: that is how it will be fetched. */
    public Probed probeByRange(URI uri, Trust trust, Attempt attempt, Deadline deadline) throws InterruptedException {
        MultiMap fields = common(attempt).add(HttpHeaderNames.RANGE, "bytes=0-0");
        return probe(HttpMethod.GET, uri, trust, fields, attempt, deadline);
    }

    /**
     * Whether the source still holds what was published: one conditional GET for the first byte (RFC 9110 §13.1.2), as that is
     * how the object is fetched and what a source that is signed for GET allows.
     */
    public Revalidated revalidate(RevalidationQuery query, Attempt attempt, Deadline deadline)
            throws InterruptedException {
        MultiMap fields = common(attempt).add(HttpHeaderNames.RANGE, "bytes=0-0");
        String etag = query.validator().etag();
        String lastModified = query.validator().lastModified();
        if (etag != null) {
            fields.add(HttpHeaderNames.IF_NONE_MATCH, etag);
        } else if (lastModified != null) {
            fields.add(HttpHeaderNames.IF_MODIFIED_SINCE, lastModified);
        }
        Deadline inTime = deadline.within(limits.attemptTimeout());
        RevalidationReceiver receiver = new RevalidationReceiver(query);
        return switch (exchange.run(HttpMethod.GET, query.uri(), Trust.SOURCE, fields, receiver, attempt, inTime)) {
            case Exchanged.Answered<Revalidated>(Revalidated revalidated) -> revalidated;
            case Exchanged.Failed<Revalidated>(Failure failure) -> new Revalidated.Failed(failure);
        };
    }

    /**
     * Reads the object whole, unless it has the entity tag that is known (RFC 9110 §13.1.2).
     *
     * @param uri presigned for GET
     * @param maxBytes more are not read
     */
    public Document read(URI uri, @Nullable String knownEtag, int maxBytes, Attempt attempt, Deadline deadline)
            throws InterruptedException {
        MultiMap fields = common(attempt);
        if (knownEtag != null) {
            fields.add(HttpHeaderNames.IF_NONE_MATCH, knownEtag);
        }
        DocumentReceiver receiver = new DocumentReceiver(maxBytes);
        Deadline inTime = deadline.within(limits.attemptTimeout());
        return switch (exchange.run(HttpMethod.GET, uri, Trust.OPERATOR, fields, receiver, attempt, inTime)) {
            case Exchanged.Answered<Document>(Document document) -> document;
            case Exchanged.Failed<Document>(Failure failure) -> new Document.Failed(failure);
        };
    }

    /**
     * Stores the body in the place of what has the entity tag, or where nothing is stored yet (RFC 9110 §13.1.1, §13.1.2).
     *
     * @param uri presigned for PUT with {@code If-Match} and that entity tag, or with {@code If-None-Match: *}
     * @param replacedEtag null when there must be nothing yet
     */
    public Stored store(URI uri, Buffer body, @Nullable String replacedEtag, Attempt attempt, Deadline deadline)
            throws InterruptedException {
        MultiMap fields = replacedEtag == null
                ? common(attempt).add(HttpHeaderNames.IF_NONE_MATCH, "*")
                : common(attempt).add(HttpHeaderNames.IF_MATCH, replacedEtag);
        Deadline inTime = deadline.within(limits.attemptTimeout());
        Exchange.Content content = new Exchange.Content(fields, body);
        return switch (exchange.run(
                HttpMethod.PUT, uri, Trust.OPERATOR, content, new StoringReceiver(), attempt, inTime)) {
            case Exchanged.Answered<Stored>(Stored stored) -> stored;
            case Exchanged.Failed<Stored>(Failure failure) -> new Stored.Failed(failure);
        };
    }

    private Probed probe(HttpMethod method, URI uri, Trust trust, MultiMap fields, Attempt attempt, Deadline deadline)
            throws InterruptedException {
        Deadline inTime = deadline.within(limits.attemptTimeout());
        return switch (exchange.run(method, uri, trust, fields, new ProbeReceiver(), attempt, inTime)) {
            case Exchanged.Answered<Probed>(Probed probed) -> probed;
            case Exchanged.Failed<Probed>(Failure failure) -> new Probed.Failed(failure);
        };
    }

    private static MultiMap common(Attempt attempt) {
        return MultiMap.caseInsensitiveMultiMap()
                .addAll(attempt.fields())
                .add(HttpHeaderNames.ACCEPT_ENCODING, "identity")
                .add(HttpHeaderNames.USER_AGENT, USER_AGENT);
    }

    /** If-Match makes a changed object a 412; If-Range makes a server that ignores it answer 200 (RFC 9110 §13.1.5). */
    private static void addConditions(MultiMap fields, Validator validator) {
        String etag = validator.etag();
        String lastModified = validator.lastModified();
        if (etag != null && validator.hasStrongEtag()) {
            fields.add(HttpHeaderNames.IF_MATCH, etag).add(HttpHeaderNames.IF_RANGE, etag);
        } else if (lastModified != null) {
            fields.add(HttpHeaderNames.IF_UNMODIFIED_SINCE, lastModified).add(HttpHeaderNames.IF_RANGE, lastModified);
        }
    }
}
