package io.edgedownload.engine;

import io.edgedownload.engine.AttemptListener.Goal;
import io.edgedownload.engine.AttemptListener.Watch;
import io.edgedownload.engine.breaker.Admission;
import io.edgedownload.engine.breaker.Breaker;
import io.edgedownload.engine.breaker.Breakers;
import io.edgedownload.engine.breaker.Permit;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.connect.Origin;
import io.edgedownload.engine.connect.Trust;
import io.edgedownload.engine.fallback.PresignedRanges;
import io.edgedownload.engine.fallback.Presigning;
import io.edgedownload.engine.fetch.Attempt;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.fetch.Fetched;
import io.edgedownload.engine.fetch.Fetcher;
import io.edgedownload.engine.fetch.RangeQuery;
import io.edgedownload.engine.fetch.Stored;
import io.edgedownload.engine.fetch.Timings;
import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.verify.MemoryChunk;
import io.edgedownload.engine.verify.Verification;
import io.edgedownload.engine.verify.VerifiedChunk;
import io.edgedownload.engine.verify.Verifier;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Verified chunks in S3, by which instances that share nothing else fetch each chunk once between them. A chunk is stored as its
 * bytes and their SHA-256 digest (32 octets) under its generation, chunk size and index, by a PUT that changes nothing where
 * something is stored already. Storing goes on behind the answers: what does not fit into its queue is left out.
 */
public final class SharedChunks {
    private static final Logger LOG = Logger.getLogger(SharedChunks.class);
    private static final int DIGEST_BYTES = 32;

    /** An id may have characters that mean something in a key; its digest has none. 96 bits. */
    private static final int ID_BYTES = 12;

    private final Settings settings;
    private final Fetcher fetcher;
    private final PresignedRanges presigned;
    private final Breakers breakers;
    private final AttemptListener listener;
    private final Executor executor;
    private final Verifier verifier;
    private final Ticker ticker;
    private final Semaphore uploads;
    private final AtomicLong queuedBytes = new AtomicLong();
    private final Counters counters = new Counters();

    /**
     * @param prefix of the keys
     * @param maxQueuedBytes of chunks that wait to be stored
     * @param maxUploads at once
     * @param lookup the longest to wait for a chunk; a store in trouble must not hold up the origin
     * @param upload for storing one
     */
    public record Settings(
            String bucket, String prefix, long maxQueuedBytes, int maxUploads, Duration lookup, Duration upload) {}

    private static final class Counters {
        private final LongAdder stored = new LongAdder();
        private final LongAdder alreadyThere = new LongAdder();
        private final LongAdder failed = new LongAdder();
        private final LongAdder dropped = new LongAdder();
    }

    /**
     * Since the start.
     *
     * @param dropped because the queue was full
     * @param queuedBytes now
     */
    public record Statistics(long stored, long alreadyThere, long failed, long dropped, long queuedBytes) {}

    public SharedChunks(
            Settings settings,
            Fetcher fetcher,
            PresignedRanges presigned,
            Breakers breakers,
            AttemptListener listener,
            Executor executor,
            Ticker ticker) {
        this.settings = settings;
        this.fetcher = fetcher;
        this.presigned = presigned;
        this.breakers = breakers;
        this.listener = listener;
        this.executor = executor;
        this.ticker = ticker;
        this.verifier = new Verifier(ticker);
        this.uploads = new Semaphore(settings.maxUploads());
    }

    /** The chunk, when another instance has stored it. Blocks, not for long. */
    public Loaded load(Manifest manifest, long index, Deadline deadline) throws InterruptedException {
        ByteRange stored = new ByteRange(0, manifest.chunk(index).length() + DIGEST_BYTES - 1);
        return switch (presigned.get(object(manifest, index), stored)) {
            case Presigning.Failed(String reason) -> unavailable(Kind.ACCESS, reason);
            case Presigning.Presigned(URI uri, var _) ->
                loadIfWell(
                        manifest,
                        index,
                        new RangeQuery(uri, Trust.OPERATOR, stored, stored.length(), new Validator(null, null), null),
                        deadline.within(settings.lookup()));
        };
    }

    private Loaded loadIfWell(Manifest manifest, long index, RangeQuery query, Deadline deadline)
            throws InterruptedException {
        Breaker breaker = breakers.of(Origin.of(query.uri()).toString());
        return switch (breaker.admit()) {
            case Admission.Rejected _ -> unavailable(Kind.BREAKER_OPEN, "the store of shared chunks is left alone");
            case Admission.Admitted(Permit permit) -> {
                Attempted.@Nullable Ended attempted = null;
                try {
                    attempted = attempt(manifest, index, query, deadline);
                } finally {
                    if (attempted == null) {
                        permit.abandoned();
                    }
                }
                // It was given little time on purpose, so it has that much to answer.
                Verdict.of(attempted, settings.lookup()).report(permit, attempted.course());
                yield attempted.loaded();
            }
        };
    }

    private Attempted.Ended attempt(Manifest manifest, long index, RangeQuery query, Deadline deadline)
            throws InterruptedException {
        Watch watch = listener.begin(new Goal(manifest.id(), Tier.SHARED, "GET", query.uri(), index + 1, null));
        Attempt attempt = new Attempt(watch.fields());
        try {
            Loaded loaded = switch (fetcher.fetch(query, attempt, deadline)) {
                case Fetched.Complete(ByteBuf bytes, Timings timings) -> verified(manifest, index, bytes, timings);
                case Fetched.Broken(ByteBuf part, Failure failure) -> {
                    part.release();
                    yield new Loaded.Unavailable(failure);
                }
                case Fetched.Failed(Failure failure) -> new Loaded.Unavailable(failure);
            };
            switch (loaded) {
                case Loaded.Ready ready -> watch.delivered(ready.chunk().lengthBytes(), attempt.course());
                case Loaded.Unavailable(Failure failure) -> watch.failed(failure, attempt.course());
            }
            return new Attempted.Ended(loaded, attempt.course());
        } catch (InterruptedException | RuntimeException | Error e) {
            watch.abandoned(attempt.course());
            throw e;
        }
    }

    private Loaded verified(Manifest manifest, long index, ByteBuf bytes, Timings timings) {
        int lengthBytes = bytes.readableBytes() - DIGEST_BYTES;
        byte[] digest = new byte[DIGEST_BYTES];
        bytes.getBytes(bytes.readerIndex() + lengthBytes, digest);
        bytes.writerIndex(bytes.readerIndex() + lengthBytes);
        String published = manifest.chunkSha256(index);
        long startNanos = ticker.nanos();
        return switch (verifier.verify(bytes, published == null ? HexFormat.of().formatHex(digest) : published)) {
            case Verification.Verified(var chunk) ->
                new Loaded.Ready(chunk, Tier.SHARED, timings.withVerifyNanos(ticker.nanos() - startNanos));
            case Verification.Corrupt _ -> {
                LOG.errorf("the shared chunk %s has other bytes than were stored", key(manifest, index));
                yield unavailable(Kind.INTEGRITY, "a shared chunk has other bytes than were stored");
            }
        };
    }

    /** Has the chunk stored for others, unless too many are waiting for that. Never blocks. */
    public void offer(Manifest manifest, long index, VerifiedChunk chunk) {
        if (!(chunk instanceof MemoryChunk inMemory)) {
            return;
        }
        long lengthBytes = inMemory.lengthBytes();
        if (queuedBytes.addAndGet(lengthBytes) > settings.maxQueuedBytes()) {
            queuedBytes.addAndGet(-lengthBytes);
            counters.dropped.increment();
            return;
        }
        inMemory.retain();
        executor.execute(() -> {
            try {
                store(manifest, index, inMemory);
            } finally {
                inMemory.release();
                queuedBytes.addAndGet(-lengthBytes);
            }
        });
    }

    private void store(Manifest manifest, long index, MemoryChunk chunk) {
        try {
            uploads.acquire();
            try {
                count(manifest, index, put(manifest, index, chunk));
            } finally {
                uploads.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // Vert.x 4 has no other way to make a buffer of Netty's without a copy.
    @SuppressWarnings("deprecation")
    private Stored put(Manifest manifest, long index, MemoryChunk chunk) throws InterruptedException {
        Buffer body = Buffer.buffer(
                Unpooled.wrappedBuffer(chunk.slice(0, chunk.lengthBytes()), Unpooled.wrappedBuffer(chunk.sha256())));
        return switch (presigned.put(object(manifest, index))) {
            case Presigning.Presigned(URI uri, var _) ->
                fetcher.store(uri, body, null, new Attempt(Map.of()), Deadline.after(settings.upload(), ticker));
            case Presigning.Failed(String reason) -> new Stored.Failed(Failure.of(Kind.ACCESS, reason));
        };
    }

    private void count(Manifest manifest, long index, Stored stored) {
        switch (stored) {
            case Stored.Done() -> counters.stored.increment();
            case Stored.AlreadyThere() -> counters.alreadyThere.increment();
            case Stored.Failed(Failure failure) -> {
                counters.failed.increment();
                LOG.warnf(
                        "the chunk %s could not be stored for other instances: %s %s",
                        key(manifest, index), failure.kind(), failure.detail());
            }
        }
    }

    public Statistics statistics() {
        return new Statistics(
                counters.stored.sum(),
                counters.alreadyThere.sum(),
                counters.failed.sum(),
                counters.dropped.sum(),
                queuedBytes.get());
    }

    private S3Object object(Manifest manifest, long index) {
        return new S3Object(settings.bucket(), key(manifest, index), null);
    }

    private String key(Manifest manifest, long index) {
        byte[] id = Verifier.sha256().digest(manifest.id().value().getBytes(StandardCharsets.UTF_8));
        String idName = Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(id, ID_BYTES));
        return settings.prefix() + idName + "/" + manifest.generation() + "/" + manifest.chunkSizeBytes() + "/" + index;
    }

    private static Loaded unavailable(Kind kind, String detail) {
        return new Loaded.Unavailable(Failure.of(kind, detail));
    }
}
