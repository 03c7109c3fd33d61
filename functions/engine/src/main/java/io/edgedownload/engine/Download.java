package io.edgedownload.engine;

import io.edgedownload.engine.ChunkLoader.Reach;
import io.edgedownload.engine.cache.ChunkCache;
import io.edgedownload.engine.cache.ChunkKey;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Loading;
import io.edgedownload.engine.cache.Obtained;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.fallback.PresignedRanges;
import io.edgedownload.engine.fallback.Presigning;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.verify.VerifiedChunk;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.ObjIntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One download: cache, then the origin's sources, then S3, here or by sending the client there. None of its methods blocks; what
 * has to wait does so on virtual threads.
 */
public final class Download {
    private final ObjIntConsumer<ChunkKey> uses;
    private final ChunkCache cache;
    private final ChunkLoader loader;
    private final PresignedRanges presigned;
    private final Executor executor;
    private final Settings settings;

    /** What happens when the origin fails. */
    public enum FallbackMode {
        /** The bytes come from S3 through here. */
        PROXY,
        /** The client is sent to S3, unless what it asked for cannot be asked for there. */
        REDIRECT,
        /** Through here while there is time, and else the client is sent. */
        AUTO
    }

    /**
     * @param redirectMargin what must be left of the deadline to send a client to S3
     * @param parallelChunks of one answer that may be on their way at once, at least 1
     */
    public record Settings(FallbackMode fallbackMode, Duration redirectMargin, int parallelChunks) {}

    /** @param uses hears of each chunk that an answer needs; does not block */
    public Download(
            ChunkCache cache,
            ChunkLoader loader,
            PresignedRanges presigned,
            Executor executor,
            ObjIntConsumer<ChunkKey> uses,
            Settings settings) {
        this.uses = uses;
        this.cache = cache;
        this.loader = loader;
        this.presigned = presigned;
        this.executor = executor;
        this.settings = settings;
    }

    /** The range when it lies in one chunk that is in memory, else null. */
    public Piece.@Nullable Slice hit(Manifest manifest, ByteRange range) {
        long index = manifest.chunkAt(range.first());
        if (index != manifest.chunkAt(range.last())) {
            return null;
        }
        ChunkKey key = key(manifest, index);
        VerifiedChunk chunk = cache.hit(key);
        int offset = (int) (range.first() - index * manifest.chunkSizeBytes());
        if (chunk == null) {
            return null;
        }
        uses.accept(key, chunk.lengthBytes());
        return new Piece.Slice(chunk, offset, (int) range.length(), new Obtained.Way.Hit());
    }

    /**
     * The bytes of the range, for a client that can only be answered through here.
     *
     * @param tenant whose client it is, empty when that is nobody in particular
     */
    public CompletableFuture<Delivery> deliver(Manifest manifest, ByteRange range, String tenant, Deadline deadline) {
        return first(body(manifest, range, tenant, Reach.S3, deadline, deadline));
    }

    /**
     * The bytes of the range, for a client that can be sent to S3 instead: it asked for one range, or for all.
     *
     * @param rangeField its Range field to the letter, for that is what it will send there and what has to be signed; null when
     *     it sent none
     */
    public CompletableFuture<Delivery> deliverOrRedirect(
            Manifest manifest, ByteRange range, @Nullable String rangeField, String tenant, Deadline deadline) {
        S3Object s3 = manifest.s3();
        if (s3 == null || !canRedirect(manifest)) {
            return deliver(manifest, range, tenant, deadline);
        }
        Reach reach = settings.fallbackMode() == FallbackMode.REDIRECT ? Reach.ORIGIN : Reach.S3;
        Deadline inTime = deadline.keeping(settings.redirectMargin());
        return first(body(manifest, range, tenant, reach, inTime, deadline)).thenCompose(delivery -> switch (delivery) {
            case Delivery.Unavailable(Failure failure)
            when redirects(failure, deadline) ->
                CompletableFuture.supplyAsync(() -> redirect(s3, rangeField, failure), executor);
            case Delivery.Unavailable unavailable -> CompletableFuture.completedFuture(unavailable);
            case Delivery.Streamed streamed -> CompletableFuture.completedFuture(streamed);
            case Delivery.Redirected redirected -> CompletableFuture.completedFuture(redirected);
        });
    }

    /** Whether clients may be sent to S3 for this download. */
    public boolean canRedirect(Manifest manifest) {
        return manifest.s3() != null && settings.fallbackMode() != FallbackMode.PROXY;
    }

    /**
     * Sends a client to S3 for what is too large to go through here, when it can be redirected and there is time for it.
     *
     * @param rangeField as for {@link #deliverOrRedirect}
     */
    public CompletableFuture<Delivery> redirect(Manifest manifest, @Nullable String rangeField, Deadline deadline) {
        S3Object s3 = Objects.requireNonNull(manifest.s3());
        if (!deadline.allows(settings.redirectMargin())) {
            return CompletableFuture.completedFuture(
                    new Delivery.Unavailable(Failure.of(Kind.TIMEOUT, "less than the margin for a redirect is left")));
        }
        Failure unsigned = Failure.of(Kind.ACCESS, "S3 requests cannot be signed");
        return CompletableFuture.supplyAsync(() -> redirect(s3, rangeField, unsigned), executor);
    }

    private boolean redirects(Failure failure, Deadline deadline) {
        return !deadline.passed()
                && (settings.fallbackMode() == FallbackMode.REDIRECT || failure.kind() == Kind.TIMEOUT);
    }

    private Delivery redirect(S3Object s3, @Nullable String rangeField, Failure failure) {
        return switch (presigned.get(s3, rangeField)) {
            case Presigning.Presigned signed -> new Delivery.Redirected(signed.uri());
            case Presigning.Failed unsigned -> new Delivery.Unavailable(failure);
        };
    }

    /** Nothing is promised to a client before the first bytes are there: until then every failure has its own answer. */
    private static CompletableFuture<Delivery> first(Body body) {
        CompletableFuture<Piece> first = body.next();
        if (first == null) {
            throw new AssertionError("a range has at least one byte");
        }
        return first.thenApply(piece -> switch (piece) {
            case Piece.Slice slice -> new Delivery.Streamed(body, slice);
            case Piece.Missing(Failure failure) -> {
                body.close();
                yield new Delivery.Unavailable(failure);
            }
        });
    }

    private Body body(
            Manifest manifest,
            ByteRange range,
            String tenant,
            Reach firstReach,
            Deadline firstDeadline,
            Deadline deadline) {
        long firstIndex = manifest.chunkAt(range.first());
        ChunkLoader callers = loader.forCaller();
        return new Body(manifest, range, settings.parallelChunks(), index -> {
            ChunkKey key = key(manifest, index);
            int lengthBytes = (int) manifest.chunk(index).length();
            uses.accept(key, lengthBytes);
            return index == firstIndex
                    ? cache.obtain(
                            key,
                            lengthBytes,
                            new Load(callers, manifest, index, firstReach, tenant, firstDeadline),
                            firstDeadline)
                    : cache.obtainNext(
                            key, lengthBytes, new Load(callers, manifest, index, Reach.S3, tenant, deadline), deadline);
        });
    }

    private static ChunkKey key(Manifest manifest, long index) {
        return new ChunkKey(manifest.id(), manifest.generation(), index, manifest.chunkSizeBytes());
    }

    private record Load(
            ChunkLoader loader, Manifest manifest, long index, Reach reach, String tenant, Deadline deadline)
            implements Loading {
        @Override
        public Loaded load() throws InterruptedException {
            return loader.load(manifest, index, reach, tenant, deadline);
        }

        @Override
        public boolean goesFurtherThan(Loading failed, Failure failure) {
            // What was fetched ahead went to S3 alone.
            return !(failed instanceof Load other)
                    || ((reach == Reach.S3 && other.reach == Reach.ORIGIN)
                            || (failure.kind() == Kind.TENANT_SHARE && !tenant.equals(other.tenant)));
        }
    }
}
