package io.edgedownload.edge;

import io.edgedownload.engine.Publication;
import io.edgedownload.engine.Published;
import io.edgedownload.engine.Publisher;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.ManifestJson;
import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.request.ChunkReference;
import io.quarkus.funqy.Funq;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The function {@code publish}: registers a download. */
public class PublishFunction {
    private static final Logger LOG = Logger.getLogger(PublishFunction.class);

    private final Publisher publisher;
    private final FunctionStatus status;
    private final EdgeConfig config;
    private final FunctionDeadline deadline;

    PublishFunction(Publisher publisher, FunctionStatus status, EdgeConfig config, FunctionDeadline deadline) {
        this.publisher = publisher;
        this.status = status;
        this.config = config;
        this.deadline = deadline;
    }

    @Funq
    public Map<String, Object> publish(FunctionRequests.Publish request) throws InterruptedException {
        return switch (publisher.publish(publication(request), deadline.get())) {
            case Published.Done(Manifest manifest, boolean created) -> {
                if (created) {
                    status.created();
                }
                yield ManifestJson.write(manifest);
            }
            case Published.SourceUnusable(int position, Failure failure) ->
                throw refused(
                        ProblemType.SOURCE_UNUSABLE, "sources[" + position + "] cannot be used: " + told(failure));
            case Published.Disagreement(String difference) ->
                throw refused(ProblemType.SOURCES_DISAGREE, difference + ".");
            case Published.S3Unusable(Failure failure) ->
                throw refused(ProblemType.S3_UNUSABLE, "The S3 object cannot be used: " + told(failure));
            case Published.Unreadable(Failure failure) -> throw new ProblemException(Problem.of(failure));
            case Published.Conflict() ->
                throw refused(
                        ProblemType.PUBLISH_CONFLICT,
                        "Nothing was changed here. Look at what is published now with resolve, and publish again if it"
                                + " is not what you want.");
            case Published.CatalogUnavailable(String reason) -> {
                LOG.errorf("catalog unavailable: %s", reason);
                throw new ProblemException(
                        Problem.of(ProblemType.CATALOG_UNAVAILABLE, "The manifest cannot be stored; the log says why.")
                                .with("Retry-After", "1"));
            }
        };
    }

    private Publication publication(FunctionRequests.Publish request) {
        return new Publication(
                Required.id(request.id()),
                sources(Required.field(request.sources(), "sources")),
                s3(request.s3()),
                chunkSizeBytes(request.chunkSize()),
                Boolean.TRUE.equals(request.digest()));
    }

    private static List<URI> sources(List<@Nullable String> sent) {
        if (sent.isEmpty() || sent.size() > Manifest.MAX_SOURCES) {
            throw Required.bad("The field 'sources' must hold 1 to " + Manifest.MAX_SOURCES + " URLs.");
        }
        List<URI> sources = new ArrayList<>();
        for (String each : sent) {
            String name = "sources[" + sources.size() + "]";
            sources.add(Required.valid(name, () -> Source.checked(uri(Required.field(each, name)))));
        }
        return sources;
    }

    /** Without the parser's message, which repeats the text. */
    private static URI uri(String text) {
        try {
            return URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("it is not a URL", e);
        }
    }

    private static @Nullable S3Object s3(FunctionRequests.@Nullable S3 sent) {
        if (sent == null) {
            return null;
        }
        String bucket = Required.field(sent.bucket(), "s3.bucket");
        String key = Required.field(sent.key(), "s3.key");
        return Required.valid("s3", () -> new S3Object(bucket, key, null));
    }

    private int chunkSizeBytes(@Nullable Long sent) {
        long sizeBytes = sent == null ? config.chunk().defaultSize().asLongValue() : sent;
        if (!ChunkReference.validSize(sizeBytes)) {
            throw Required.bad("The field 'chunkSize' must be 65536 to 16777216, 65536 times a power of two.");
        }
        return (int) sizeBytes;
    }

    /** The publisher named the source, and has the token: the reason is no secret here. */
    private static String told(Failure failure) {
        return switch (failure.kind()) {
            case FORBIDDEN_ADDRESS -> "its address is not public; the operator can allow it with edge.sources.allow.";
            case NAME -> "its host name has no address.";
            case UNREACHABLE, CUT -> "it cannot be reached.";
            case TLS -> "no secure connection can be made to it.";
            case TIMEOUT -> "it did not answer in time.";
            case MISSING -> "the object is not there (" + failure.detail() + ").";
            case ACCESS -> "it refuses access (" + failure.detail() + ").";
            case BREAKER_OPEN -> "its origin was not well lately and is left alone; try again later.";
            case INTEGRITY, LIED, NO_RANGE, CHANGED, BUSY, TENANT_SHARE, OVERLOAD, SERVER_ERROR ->
                failure.detail() + ".";
        };
    }

    private static ProblemException refused(ProblemType type, String detail) {
        return new ProblemException(Problem.of(type, detail));
    }
}
