package io.edgedownload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.ChunkLoader.Reach;
import io.edgedownload.engine.Download.FallbackMode;
import io.edgedownload.engine.cache.ChunkCache;
import io.edgedownload.engine.cache.CountedChunks;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Obtained;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.Manifests;
import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.fallback.PresignedRanges;
import io.edgedownload.engine.fallback.Presigning;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** A load waits in a queue until the test runs it; what it brings is written down before. */
final class DownloadTest {
    private static final int CHUNK = 64 << 10;
    private static final URI SOURCE = URI.create("http://origin.example/file");
    private static final Manifest PLAIN = Manifests.of("file", "g1", 3 * CHUNK, SOURCE);
    private static final S3Object S3 = new S3Object("bucket", "key", "\"s3\"");
    private static final Manifest BACKED = backed();
    private static final ByteRange ALL = new ByteRange(0, BACKED.lengthBytes() - 1);
    private static final Failure REFUSED = Failure.of(Kind.SERVER_ERROR, "status 500");
    private static final Failure SLOW = Failure.of(Kind.TIMEOUT, "too slow");

    private record Asked(long index, Reach reach, Duration remaining) {}

    private final ManualTicker ticker = new ManualTicker();
    private final Deadline deadline = Deadline.after(Duration.ofSeconds(100), ticker);
    private final CountedChunks chunks = new CountedChunks();
    private final Queue<Runnable> loads = new ArrayDeque<>();
    private final Queue<Supplier<Loaded>> script = new ArrayDeque<>();
    private final List<Asked> asked = new ArrayList<>();
    private final List<String> tenants = new ArrayList<>();
    private final List<String> uses = new ArrayList<>();
    private final ChunkCache cache =
            new ChunkCache(new ChunkCache.Limits(4 * CHUNK, CHUNK, Duration.ZERO), null, loads::add);
    private @Nullable AwsCredentials credentials = AwsBasicCredentials.create("AKID", "secret");
    private final PresignedRanges presigned = new PresignedRanges(
            S3Presigner.builder()
                    .region(Region.EU_WEST_1)
                    .endpointOverride(URI.create("http://127.0.0.1:9"))
                    .credentialsProvider(this::credentials)
                    .serviceConfiguration(S3Configuration.builder()
                            .pathStyleAccessEnabled(true)
                            .build())
                    .build(),
            this::credentials,
            InstantSource.system(),
            Duration.ofMinutes(15));

    @AfterEach
    void nothingIsHeld() {
        presigned.close();
        cache.evict(PLAIN.id());
        assertEquals(0, chunks.alive());
    }

    @Test
    void eachChunkThatAnAnswerNeedsIsAUse() {
        var _ = download(FallbackMode.PROXY).deliver(BACKED, new ByteRange(0, 0), "", deadline);
        assertEquals(1, uses.size());
    }

    @Test
    void whatIsInMemoryIsAHitAndIsNotLoadedAgain() {
        Download download = download(FallbackMode.PROXY);
        ByteRange inSecond = new ByteRange(CHUNK + 3, CHUNK + 9);
        assertNull(download.hit(PLAIN, inSecond));
        CompletableFuture<Delivery> delivery = download.deliver(PLAIN, inSecond, "", deadline);
        runLoad(this::ready);
        streamed(delivery).first().release();
        Piece.Slice hit = Objects.requireNonNull(download.hit(PLAIN, inSecond));
        assertEquals(new Piece.Slice(hit.chunk(), 3, 7, new Obtained.Way.Hit()), hit);
        hit.release();
        assertNull(download.hit(PLAIN, new ByteRange(CHUNK + 3, 2 * CHUNK)));
        assertEquals(1, asked.size());
    }

    @Test
    void inProxyModeAClientThatCouldBeSentToS3IsAnsweredThroughHere() {
        CompletableFuture<Delivery> delivery = orRedirect(FallbackMode.PROXY, "bytes=0-");
        runLoad(() -> new Loaded.Unavailable(SLOW));
        assertEquals(new Delivery.Unavailable(SLOW), delivery.join());
        assertEquals(List.of(new Asked(0, Reach.S3, Duration.ofSeconds(100))), asked);
    }

    @ParameterizedTest
    @EnumSource(FallbackMode.class)
    void nobodyIsSentToS3WhenNothingIsThere(FallbackMode mode) {
        CompletableFuture<Delivery> delivery = download(mode).deliverOrRedirect(PLAIN, ALL, "bytes=0-", "", deadline);
        runLoad(() -> new Loaded.Unavailable(SLOW));
        assertEquals(new Delivery.Unavailable(SLOW), delivery.join());
        assertEquals(List.of(new Asked(0, Reach.S3, Duration.ofSeconds(100))), asked);
    }

    @ParameterizedTest
    @EnumSource(FallbackMode.class)
    void aClientThatCannotBeSentIsAnsweredThroughHere(FallbackMode mode) {
        CompletableFuture<Delivery> delivery = download(mode).deliver(BACKED, ALL, "", deadline);
        runLoad(() -> new Loaded.Unavailable(SLOW));
        assertEquals(new Delivery.Unavailable(SLOW), delivery.join());
        assertEquals(List.of(new Asked(0, Reach.S3, Duration.ofSeconds(100))), asked);
    }

    @Test
    void inRedirectModeAnyFailureOfTheOriginSendsTheClientWithItsOwnRangeField() {
        for (String field : List.of("bytes=0-", "bytes=0-196607", "bytes=-196608")) {
            assertRedirectedAsSigned(field);
        }
    }

    @Test
    void aClientThatSentNoRangeFieldIsSentWithoutOne() {
        CompletableFuture<Delivery> delivery = orRedirect(FallbackMode.REDIRECT, null);
        runLoad(() -> new Loaded.Unavailable(REFUSED));
        String query = redirected(delivery).getQuery();
        assertTrue(query.contains("X-Amz-SignedHeaders=host&"), query);
    }

    @Test
    void inRedirectModeTheFirstChunkLeavesTimeToBeSentAndTheNextGoAsFarAsS3() {
        CompletableFuture<Delivery> delivery = orRedirect(FallbackMode.REDIRECT, "bytes=0-");
        runLoad(this::ready);
        Delivery.Streamed streamed = streamed(delivery);
        CompletableFuture<Piece> second = Objects.requireNonNull(streamed.body().next());
        runLoad(this::ready);
        streamed.first().release();
        assertInstanceOf(Piece.Slice.class, second.join()).release();
        streamed.body().close();
        assertEquals(
                List.of(
                        new Asked(0, Reach.ORIGIN, Duration.ofMillis(99_500)),
                        new Asked(1, Reach.S3, Duration.ofSeconds(100))),
                asked);
    }

    @Test
    void aClientWithoutTimeLeftIsNotSent() {
        CompletableFuture<Delivery> delivery = orRedirect(FallbackMode.REDIRECT, "bytes=0-");
        runLoad(() -> {
            ticker.advance(Duration.ofSeconds(100));
            return new Loaded.Unavailable(REFUSED);
        });
        assertEquals(new Delivery.Unavailable(REFUSED), delivery.join());
    }

    @Test
    void whereNothingCanBeSignedTheClientHearsOfTheOrigin() {
        CompletableFuture<Delivery> delivery = orRedirect(FallbackMode.REDIRECT, "bytes=0-");
        credentials = null;
        runLoad(() -> new Loaded.Unavailable(REFUSED));
        assertEquals(new Delivery.Unavailable(REFUSED), delivery.join());
    }

    @Test
    void inAutoModeAClientIsSentWhenTimeRanOutWithTheMarginLeft() {
        CompletableFuture<Delivery> delivery = orRedirect(FallbackMode.AUTO, "bytes=0-");
        runLoad(() -> {
            ticker.advance(Duration.ofMillis(99_500));
            return new Loaded.Unavailable(SLOW);
        });
        assertEquals("/bucket/key", redirected(delivery).getPath());
        assertEquals(List.of(new Asked(0, Reach.S3, Duration.ofMillis(99_500))), asked);
    }

    @Test
    void inAutoModeNoOtherFailureSendsTheClient() {
        CompletableFuture<Delivery> delivery = orRedirect(FallbackMode.AUTO, "bytes=0-");
        runLoad(() -> new Loaded.Unavailable(REFUSED));
        assertEquals(new Delivery.Unavailable(REFUSED), delivery.join());
    }

    @Test
    void inAutoModeNobodyIsSentWhenTheMarginIsGoneToo() {
        CompletableFuture<Delivery> delivery = orRedirect(FallbackMode.AUTO, "bytes=0-");
        runLoad(() -> {
            ticker.advance(Duration.ofSeconds(100));
            return new Loaded.Unavailable(SLOW);
        });
        assertEquals(new Delivery.Unavailable(SLOW), delivery.join());
    }

    @Test
    void aClientThatCannotBeSentDoesNotFailWithOneThatCan() {
        Download download = download(FallbackMode.REDIRECT);
        CompletableFuture<Delivery> sent = download.deliverOrRedirect(BACKED, ALL, "bytes=0-", "", deadline);
        CompletableFuture<Delivery> answered = download.deliver(BACKED, ALL, "", deadline);
        runLoad(() -> new Loaded.Unavailable(REFUSED));
        assertInstanceOf(Delivery.Redirected.class, sent.join());
        assertFalse(answered.isDone());
        runLoad(this::ready);
        streamed(answered).first().release();
        assertEquals(
                List.of(Reach.ORIGIN, Reach.S3),
                asked.stream().map(Asked::reach).toList());
    }

    @Test
    void anAnswerThatHasBegunWaitsForMemoryWhereANewOneIsRefused() throws Exception {
        Download download = download(FallbackMode.PROXY);
        CompletableFuture<Delivery> begun = download.deliver(PLAIN, ALL, "", deadline);
        runLoad(this::ready);
        Delivery.Streamed streamed = streamed(begun);
        // Out of the cache and held by the answer: the chunk takes all memory for loads.
        cache.evict(PLAIN.id());
        CompletableFuture<Delivery> refused =
                download.deliver(PLAIN, new ByteRange(2 * CHUNK, 2 * CHUNK), "", deadline);
        loads.remove().run();
        assertEquals(
                Kind.OVERLOAD,
                assertInstanceOf(Delivery.Unavailable.class, refused.join())
                        .failure()
                        .kind());
        CompletableFuture<Piece> next = Objects.requireNonNull(streamed.body().next());
        script.add(this::ready);
        Thread waiting = Thread.startVirtualThread(loads.remove());
        while (waiting.isAlive() && waiting.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        assertFalse(next.isDone());
        streamed.first().release();
        assertInstanceOf(Piece.Slice.class, next.get(20, TimeUnit.SECONDS)).release();
        waiting.join();
    }

    /** A signature holds the second in which it was made: it is compared when that was the same before and after. */
    @Test
    void aTenantWhoseShareIsUsedUpFailsForItselfAlone() {
        Failure share = Failure.of(Kind.TENANT_SHARE, "all in use");
        Download download = download(FallbackMode.PROXY);
        ByteRange first = new ByteRange(0, 9);
        CompletableFuture<Delivery> greedy = download.deliver(PLAIN, first, "greedy", deadline);
        CompletableFuture<Delivery> greedyToo = download.deliver(PLAIN, first, "greedy", deadline);
        CompletableFuture<Delivery> modest = download.deliver(PLAIN, first, "modest", deadline);
        runLoad(() -> new Loaded.Unavailable(share));
        assertEquals(new Delivery.Unavailable(share), greedy.join());
        assertEquals(new Delivery.Unavailable(share), greedyToo.join());
        runLoad(this::ready);
        streamed(modest).first().release();
        assertEquals(List.of("greedy", "modest"), tenants);
    }

    @Test
    void whatIsTooLargeIsSentToS3WithoutAnAttempt() {
        CompletableFuture<Delivery> sent = download(FallbackMode.AUTO).redirect(BACKED, "bytes=0-", deadline);
        assertEquals("/bucket/key", redirected(sent).getPath());
        assertEquals(List.of(), asked);
    }

    @Test
    void whatIsTooLargeIsNotSentToS3WithoutTimeForIt() {
        ticker.advance(Duration.ofSeconds(100));
        Delivery.Unavailable unavailable = assertInstanceOf(
                Delivery.Unavailable.class,
                download(FallbackMode.AUTO)
                        .redirect(BACKED, "bytes=0-", deadline)
                        .join());
        assertEquals(Kind.TIMEOUT, unavailable.failure().kind());
    }

    @ParameterizedTest
    @EnumSource(FallbackMode.class)
    void onlyWhatIsInS3CanBeRedirectedAndNotInProxyMode(FallbackMode mode) {
        assertEquals(mode != FallbackMode.PROXY, download(mode).canRedirect(BACKED));
        assertFalse(download(mode).canRedirect(PLAIN));
    }

    private void assertRedirectedAsSigned(String rangeField) {
        String before;
        String redirected;
        String after;
        do {
            before = signed(rangeField);
            CompletableFuture<Delivery> delivery = orRedirect(FallbackMode.REDIRECT, rangeField);
            runLoad(() -> new Loaded.Unavailable(REFUSED));
            redirected = redirected(delivery).toString();
            after = signed(rangeField);
        } while (!before.equals(after));
        assertEquals(before, redirected);
    }

    private String signed(String rangeField) {
        return assertInstanceOf(Presigning.Presigned.class, presigned.get(S3, rangeField))
                .uri()
                .toString();
    }

    private CompletableFuture<Delivery> orRedirect(FallbackMode mode, @Nullable String rangeField) {
        return download(mode).deliverOrRedirect(BACKED, ALL, rangeField, "", deadline);
    }

    /** With one chunk asked for at a time. */
    private Download download(FallbackMode mode) {
        return new Download(
                cache,
                this::load,
                presigned,
                Runnable::run,
                (key, lengthBytes) -> uses.add(key.index() + ": " + lengthBytes),
                new Download.Settings(mode, Duration.ofMillis(500), 1));
    }

    private Loaded load(Manifest manifest, long index, Reach reach, String tenant, Deadline until) {
        tenants.add(tenant);
        asked.add(new Asked(index, reach, until.remaining()));
        return script.remove().get();
    }

    private void runLoad(Supplier<Loaded> brings) {
        script.add(brings);
        loads.remove().run();
    }

    private Loaded ready() {
        return chunks.ready(CHUNK);
    }

    private AwsCredentials credentials() {
        if (credentials == null) {
            throw SdkClientException.create("no credentials");
        }
        return credentials;
    }

    private static Delivery.Streamed streamed(CompletableFuture<Delivery> delivery) {
        return assertInstanceOf(Delivery.Streamed.class, delivery.join());
    }

    private static URI redirected(CompletableFuture<Delivery> delivery) {
        return assertInstanceOf(Delivery.Redirected.class, delivery.join()).uri();
    }

    private static Manifest backed() {
        return new Manifest(
                PLAIN.id(),
                PLAIN.generation(),
                PLAIN.lengthBytes(),
                CHUNK,
                null,
                PLAIN.contentType(),
                null,
                PLAIN.sources(),
                S3,
                PLAIN.publishedAt());
    }
}
