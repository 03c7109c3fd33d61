package io.edgedownload.edge;

import io.edgedownload.engine.catalog.KnownManifests;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.ManifestJson;
import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.connect.Origin;
import io.edgedownload.engine.fallback.PresignedRanges;
import io.edgedownload.engine.fallback.Presigning;
import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.request.ChunkReference;
import io.edgedownload.engine.request.Grant;
import io.edgedownload.engine.request.Scope;
import io.edgedownload.engine.request.SigningKeys;
import io.edgedownload.engine.resolve.Resolver;
import io.edgedownload.engine.resolve.Resolver.Denial;
import io.edgedownload.engine.resolve.Resolver.Freshness;
import io.edgedownload.engine.resolve.Resolver.Provenance;
import io.edgedownload.engine.resolve.Resolver.Resolution;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.quarkus.funqy.Funq;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The functions {@code resolve} and {@code presign}: how to get at a download, from here and from S3. */
public class ResolveFunctions {
    private static final Logger LOG = Logger.getLogger(ResolveFunctions.class);

    /** Signed addresses in one answer; for more, ask again from the first byte that is missing. */
    private static final int MAX_CHUNKS = 1_024;

    private final KnownManifests manifests;
    private final Resolver resolver;
    private final PresignedRanges presigned;
    private final Optional<SigningKeys> keys;
    private final EdgeConfig config;
    private final InstantSource clock;
    private final Ticker ticker;
    private final FunctionDeadline deadline;
    private final CurrentVertxRequest current;
    private final AnswerLimit limit;

    ResolveFunctions(
            KnownManifests manifests,
            Resolver resolver,
            PresignedRanges presigned,
            Optional<SigningKeys> keys,
            EdgeConfig config,
            InstantSource clock,
            Ticker ticker,
            FunctionDeadline deadline,
            CurrentVertxRequest current,
            AnswerLimit limit) {
        this.manifests = manifests;
        this.resolver = resolver;
        this.presigned = presigned;
        this.keys = keys;
        this.config = config;
        this.clock = clock;
        this.ticker = ticker;
        this.deadline = deadline;
        this.current = current;
        this.limit = limit;
    }

    /** The manifest, addresses of the chunks that hold the range, and where their bytes would come from now. */
    @Funq
    public Map<String, Object> resolve(FunctionRequests.Resolve request) throws InterruptedException {
        Deadline until = deadline.get();
        Manifest manifest = Required.manifest(manifests, Required.id(request.id()), until);
        ByteRange range = Required.range(manifest, request.first(), request.last());
        List<Map<String, Object>> sources = new ArrayList<>();
        String usable = null;
        for (Source source : manifest.sources()) {
            Map<String, Object> resolved =
                    source(source, until.within(config.connect().timeout()));
            sources.add(resolved);
            usable = usable == null && !resolved.containsKey("error")
                    ? source.uri().toString()
                    : usable;
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("manifest", ManifestJson.write(manifest));
        Instant expires = clock.instant().plus(config.signing().validity()).truncatedTo(ChronoUnit.SECONDS);
        answer.put("url", url(manifest, new Scope.Whole(), expires));
        answer.put("expiresAt", expires.toString());
        int sizeBytes = chunkSizeBytes(manifest, request.chunkSize());
        answer.put("chunkSize", sizeBytes);
        answer.put("chunks", chunks(manifest, range, sizeBytes, expires));
        answer.put("sources", sources);
        if (usable != null) {
            answer.put("source", usable);
        }
        return answer;
    }

    /** An S3 request for one chunk, for the caller to send. */
    @Funq
    public Map<String, Object> presign(FunctionRequests.Presign request) {
        Manifest manifest = Required.manifest(manifests, Required.id(request.id()), deadline.get());
        long number = Required.field(request.chunk(), "chunk");
        long sizeBytes = request.size() == null ? manifest.chunkSizeBytes() : request.size();
        ByteRange range = Required.valid(
                        "chunk", () -> new ChunkReference(number, Math.clamp(sizeBytes, 0, Integer.MAX_VALUE)))
                .within(manifest.lengthBytes())
                .orElseThrow(() -> Required.outside(manifest));
        S3Object s3 = manifest.s3();
        if (s3 == null) {
            throw new ProblemException(Problem.of(
                    ProblemType.NO_STORE,
                    "It was published without an S3 object; publish it with s3.bucket and s3.key."));
        }
        return switch (presigned.get(s3, range)) {
            case Presigning.Presigned(URI uri, Instant expires) -> presigned(uri, expires, range);
            case Presigning.Failed(String reason) -> {
                LOG.errorf("presigning failed: %s", reason);
                throw new ProblemException(
                        Problem.of(ProblemType.ORIGIN_ACCESS, "S3 requests cannot be signed; the log says why."));
            }
        };
    }

    private static Map<String, Object> presigned(URI uri, Instant expires, ByteRange range) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("url", uri.toString());
        answer.put("headers", Map.of("Range", range.field()));
        answer.put("expiresAt", expires.truncatedTo(ChronoUnit.SECONDS).toString());
        answer.put("first", range.first());
        answer.put("last", range.last());
        return answer;
    }

    /** As asked, or as suits the network that the client says it has. */
    private int chunkSizeBytes(Manifest manifest, @Nullable Long asked) {
        if (asked != null) {
            if (!ChunkReference.validSize(asked)) {
                throw Required.bad("The field 'chunkSize' must be 65536 to 16777216, 65536 times a power of two.");
            }
            return Math.toIntExact(asked);
        }
        RoutingContext context = current.getCurrent();
        int largestBytes = limit.chunkSizeBytes(manifest.chunkSizeBytes());
        return context == null
                ? largestBytes
                : ChunkAdvice.of(
                                context.request().getHeader("Downlink"),
                                context.request().getHeader("RTT"))
                        .sizeBytes(largestBytes);
    }

    private List<Map<String, Object>> chunks(
            Manifest manifest, @Nullable ByteRange range, int sizeBytes, Instant expires) {
        List<Map<String, Object>> chunks = new ArrayList<>();
        if (range == null) {
            return chunks;
        }
        long first = range.first() / sizeBytes;
        long last = Math.min(range.last() / sizeBytes, first + MAX_CHUNKS - 1);
        for (long index = first; index <= last; index++) {
            chunks.add(chunk(manifest, new ChunkReference(index + 1, sizeBytes), expires));
        }
        return chunks;
    }

    private Map<String, Object> chunk(Manifest manifest, ChunkReference reference, Instant expires) {
        ByteRange range = reference.within(manifest.lengthBytes()).orElseThrow();
        Map<String, Object> chunk = new LinkedHashMap<>();
        chunk.put("number", reference.number());
        chunk.put("first", range.first());
        chunk.put("last", range.last());
        chunk.put("size", reference.sizeBytes());
        chunk.put("url", url(manifest, new Scope.Chunk(reference), expires));
        String sha256 = reference.sizeBytes() == manifest.chunkSizeBytes()
                ? manifest.chunkSha256(reference.number() - 1)
                : null;
        if (sha256 != null) {
            chunk.put("sha256", sha256);
        }
        return chunk;
    }

    /** Relative to where the functions are reached; signed when there is a key. */
    private String url(Manifest manifest, Scope scope, Instant expires) {
        String path = DownloadRoute.PATH + manifest.id().value();
        String signature = keys.map(signing ->
                        "sig=" + signing.sign(new Grant(manifest.id(), manifest.generation(), scope), expires))
                .orElse("");
        return switch (scope) {
            case Scope.Whole() -> signature.isEmpty() ? path : path + "?" + signature;
            case Scope.Chunk(ChunkReference chunk) -> {
                String numbered = path + "?chunk=" + chunk.number() + "&size=" + chunk.sizeBytes();
                yield signature.isEmpty() ? numbered : numbered + "&" + signature;
            }
        };
    }

    private Map<String, Object> source(Source source, Deadline deadline) throws InterruptedException {
        Map<String, Object> resolved = new LinkedHashMap<>();
        resolved.put("url", source.uri().toString());
        switch (resolver.resolve(Origin.of(source.uri()).host(), deadline)) {
            case Resolution.Resolved(List<InetAddress> addresses, Provenance provenance) -> {
                resolved.put(
                        "addresses",
                        addresses.stream().map(InetAddress::getHostAddress).toList());
                putProvenance(resolved, provenance.freshness().name(), provenance);
            }
            case Resolution.NoAddress(Denial denial, Provenance provenance) -> {
                resolved.put("error", "the name has no address: " + denial);
                putProvenance(resolved, "negative", provenance);
            }
            case Resolution.Failed(String reason) -> {
                // Not told to the caller: it may name servers inside the network.
                LOG.warnf("resolving %s failed: %s", source.uri().getHost(), reason);
                resolved.put("error", "no name server could answer for the name");
            }
            case Resolution.TimedOut() -> resolved.put("error", "resolving the name took too long");
        }
        return resolved;
    }

    /** How far the addresses can be relied on, and until when. */
    private void putProvenance(Map<String, Object> resolved, String state, Provenance provenance) {
        resolved.put("answer", state.toLowerCase(Locale.ROOT));
        resolved.put("server", provenance.server());
        if (provenance.freshness() != Freshness.FIXED) {
            long leftNanos = Math.max(0, provenance.untilNanos() - ticker.nanos());
            resolved.put("ttlSeconds", Duration.ofNanos(leftNanos).toSeconds());
        }
    }
}
