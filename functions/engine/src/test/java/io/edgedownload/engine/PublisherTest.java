package io.edgedownload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.edgedownload.engine.Revalidation.Checked;
import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.catalog.Digests;
import io.edgedownload.engine.catalog.DirectoryCatalog;
import io.edgedownload.engine.catalog.KnownManifests;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.fallback.PresignedRanges;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.Fault.HeadLie;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Against real origins on loopback; one of them is the S3 endpoint too. */
final class PublisherTest {
    private static final int CHUNK = 64 << 10;
    private static final HostedObject OBJECT = HostedObject.random(1, 2 * CHUNK + 5);
    private static final HostedObject OTHER = HostedObject.random(2, CHUNK + 7);
    private static final DownloadId ID = new DownloadId("file");
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06.789Z");
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret"));

    private final Loopback loopback = new Loopback();
    private final FaultOrigin one;
    private final FaultOrigin two;
    private final PresignedRanges presigned;
    private final KnownManifests manifests;
    private final Publisher publisher;

    PublisherTest(@TempDir Path directory) throws IOException {
        one = FaultOrigin.start().serve("/file", OBJECT);
        two = FaultOrigin.start().serve("/file", OBJECT);
        presigned = new PresignedRanges(
                S3Presigner.builder()
                        .region(Region.EU_WEST_1)
                        .endpointOverride(one.uri(""))
                        .credentialsProvider(CREDENTIALS)
                        .serviceConfiguration(S3Configuration.builder()
                                .pathStyleAccessEnabled(true)
                                .build())
                        .build(),
                CREDENTIALS,
                InstantSource.system(),
                Duration.ofMinutes(15));
        manifests = new KnownManifests(
                new DirectoryCatalog(directory),
                Duration.ofSeconds(5),
                new KnownManifests.Listener() {
                    @Override
                    public void entered(DownloadId first, String reason) {}

                    @Override
                    public void left(DownloadId last) {}
                },
                Ticker.system());
        publisher = new Publisher(
                new Probes(loopback.fetcher(), new AttemptLog()),
                presigned,
                new Digester(loopback.originTier(new AttemptLog())),
                manifests,
                InstantSource.fixed(NOW));
    }

    @AfterEach
    void close() throws Exception {
        presigned.close();
        loopback.close();
        one.close();
        two.close();
    }

    @Test
    void whatAllSourcesHoldIsPinnedAndStored() throws Exception {
        Published.Done done = assertInstanceOf(Published.Done.class, publish(null, false));
        Manifest manifest = done.manifest();
        assertEquals(true, done.created());
        assertEquals(OBJECT.lengthBytes(), manifest.lengthBytes());
        assertEquals(OBJECT.lastModified(), manifest.lastModified());
        assertEquals(OBJECT.contentType(), manifest.contentType());
        assertEquals(Instant.parse("2026-02-03T04:05:06Z"), manifest.publishedAt());
        assertEquals(
                List.of(OBJECT.etag(), OBJECT.etag()),
                manifest.sources().stream()
                        .map(source -> source.validator().etag())
                        .toList());
        assertNull(manifest.digests());
        assertEquals(new Lookup.Found(manifest), manifests.find(ID, soon()));
    }

    @Test
    void publishingAgainReplacesAndKeepsTheGenerationOfTheSameObject() throws Exception {
        Published.Done first = assertInstanceOf(Published.Done.class, publish(null, false));
        Published.Done again = assertInstanceOf(Published.Done.class, publish(null, false));
        assertEquals(false, again.created());
        assertEquals(first.manifest(), again.manifest());
    }

    @Test
    void aDigestIsTakenOfEveryChunkAndOfAll() throws Exception {
        Published.Done done = assertInstanceOf(Published.Done.class, publish(null, true));
        assertEquals(
                new Digests(
                        OBJECT.sha256Hex(),
                        List.of(sha256(0, CHUNK - 1), sha256(CHUNK, 2 * CHUNK - 1), sha256(2 * CHUNK, 2 * CHUNK + 4))),
                done.manifest().digests());
    }

    @Test
    void anObjectThatCannotBeReadToItsEndIsNotPublished() throws Exception {
        // The probe takes one ranged request, the first chunk another.
        one.onRanged("/file").honest(2).always(new Fault.Status(500));
        two.onRanged("/file").honest(1).always(new Fault.ResetAt(1_000));
        Published.Unreadable unreadable = assertInstanceOf(Published.Unreadable.class, publish(null, true));
        assertEquals(Kind.SERVER_ERROR, unreadable.failure().kind());
        assertNothingStored();
    }

    @Test
    void sourcesOfDifferentLengthDisagree() throws Exception {
        two.serve("/file", HostedObject.random(1, OBJECT.lengthBytes() - 1));
        assertInstanceOf(Published.Disagreement.class, publish(null, false));
        assertNothingStored();
    }

    @Test
    void sourcesOfDifferentTagsDisagree() throws Exception {
        two.serve("/file", HostedObject.random(2, OBJECT.lengthBytes()));
        assertInstanceOf(Published.Disagreement.class, publish(null, false));
        assertNothingStored();
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                Arguments.of(new Fault.FullBody200(), Kind.LIED),
                Arguments.of(new Fault.MissingContentRange(), Kind.LIED),
                Arguments.of(new Fault.ContentEncodingGzip(), Kind.LIED),
                Arguments.of(new Fault.Status(403), Kind.ACCESS),
                Arguments.of(new Fault.Status(404), Kind.MISSING),
                Arguments.of(new Fault.Status(503), Kind.BUSY),
                Arguments.of(new Fault.ResetAt(0), Kind.UNREACHABLE),
                Arguments.of(new Fault.RedirectTo("http://169.254.169.254/"), Kind.FORBIDDEN_ADDRESS));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void aSourceThatCannotServeRangesIsNamedByItsPosition(Fault fault, Kind kind) throws Exception {
        two.on("/file").always(fault);
        Published.SourceUnusable unusable = assertInstanceOf(Published.SourceUnusable.class, publish(null, false));
        assertEquals(1, unusable.position());
        assertEquals(kind, unusable.failure().kind());
        assertNothingStored();
    }

    @ParameterizedTest
    @EnumSource(HeadLie.class)
    void whatHeadSaysDoesNotCountWhereGetSaysOtherwise(HeadLie lie) throws Exception {
        one.on("/file").always(new Fault.HeadLies(lie));
        Published.Done done = assertInstanceOf(Published.Done.class, publish(null, false));
        assertEquals(OBJECT.lengthBytes(), done.manifest().lengthBytes());
        assertEquals(
                OBJECT.etag(), done.manifest().sources().getFirst().validator().etag());
    }

    @Test
    void anEmptyObjectHasTheDigestOfNothing() throws Exception {
        HostedObject empty = HostedObject.of(new byte[0]);
        one.serve("/file", empty);
        two.serve("/file", empty);
        Manifest manifest =
                assertInstanceOf(Published.Done.class, publish(null, true)).manifest();
        assertEquals(0, manifest.lengthBytes());
        assertEquals(
                new Digests("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", List.of()),
                manifest.digests());
    }

    @Test
    void theStateOfTheS3ObjectIsPinnedToo() throws Exception {
        one.serve("/bucket/key", OBJECT);
        Manifest manifest = assertInstanceOf(Published.Done.class, publish(new S3Object("bucket", "key", null), false))
                .manifest();
        assertEquals(new S3Object("bucket", "key", OBJECT.etag()), manifest.s3());
    }

    @Test
    void anS3ObjectOfAnotherLengthDisagrees() throws Exception {
        one.serve("/bucket/key", HostedObject.random(1, 5));
        assertInstanceOf(Published.Disagreement.class, publish(new S3Object("bucket", "key", null), false));
        assertNothingStored();
    }

    @Test
    void anS3ObjectThatIsNotThereIsUnusable() throws Exception {
        Published.S3Unusable unusable =
                assertInstanceOf(Published.S3Unusable.class, publish(new S3Object("bucket", "key", null), false));
        assertEquals(Kind.MISSING, unusable.failure().kind());
        assertNothingStored();
    }

    private Published publish(@Nullable S3Object s3, boolean digest) throws InterruptedException {
        List<URI> sources = List.of(one.uri("/file"), two.uri("/file"));
        return publisher.publish(new Publication(ID, sources, s3, CHUNK, digest), soon());
    }

    @Test
    void aSourceThatStillHoldsItSaysSoInOneRequest() throws Exception {
        Manifest manifest = published(null, false);
        int before = one.requests("/file").size();

        assertEquals(new Checked.Unchanged(), check(manifest));
        assertEquals(before + 1, one.requests("/file").size());
        assertEquals(Optional.of(OBJECT.etag()), one.requests("/file").getLast().ifNoneMatch());
    }

    @Test
    void aSourceThatKnowsNoConditionsSaysItByItsValidator() throws Exception {
        Manifest manifest = published(null, false);
        one.onEvery().always(new Fault.ChangedEtag(OBJECT.etag()));

        assertEquals(new Checked.Unchanged(), check(manifest));
    }

    @Test
    void theNextSourceIsAskedWhenOneCannotBe() throws Exception {
        Manifest manifest = published(null, false);
        one.refuseConnections();
        assertEquals(new Checked.Unchanged(), check(manifest));
        two.onEvery().always(new Fault.Status(500));

        Failure failure =
                assertInstanceOf(Checked.Failed.class, check(manifest)).failure();
        assertEquals(Kind.SERVER_ERROR, failure.kind());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherObjectAtTheSourcesIsAnotherGeneration(boolean digest) throws Exception {
        Manifest before = published(null, digest);
        one.serve("/file", OTHER);
        two.serve("/file", OTHER);

        Checked.Replaced replaced = assertInstanceOf(Checked.Replaced.class, check(before));
        Manifest now = found();
        assertEquals(replaced.generation(), now.generation());
        assertNotEquals(before.generation(), now.generation());
        assertEquals(OTHER.lengthBytes(), now.lengthBytes());
        assertEquals(before.digests() == null, now.digests() == null);
        assertEquals(before.chunkSizeBytes(), now.chunkSizeBytes());
        assertEquals(new Checked.Replaced(now.generation()), check(before), "it is found in the catalog");
    }

    @Test
    void sourcesThatDifferOnTheWayToAnotherObjectChangeNothing() throws Exception {
        Manifest before = published(null, false);
        one.serve("/file", OTHER);

        assertEquals(
                Kind.CHANGED,
                assertInstanceOf(Checked.Failed.class, check(before)).failure().kind());
        assertEquals(before, found());
    }

    @Test
    void theEarlierObjectInS3BacksNoOtherGeneration() throws Exception {
        one.serve("/bucket/key", OBJECT);
        Manifest before = published(new S3Object("bucket", "key", null), false);
        assertNotNull(before.s3());
        one.serve("/file", OTHER);
        two.serve("/file", OTHER);
        assertInstanceOf(Checked.Replaced.class, check(before));

        assertNull(found().s3());
    }

    @Test
    void anObjectInS3ThatWasReplacedAsWellBacksTheOtherGeneration() throws Exception {
        one.serve("/bucket/key", OBJECT);
        Manifest before = published(new S3Object("bucket", "key", null), false);
        one.serve("/file", OTHER).serve("/bucket/key", OTHER);
        two.serve("/file", OTHER);
        assertInstanceOf(Checked.Replaced.class, check(before));

        assertEquals(new S3Object("bucket", "key", OTHER.etag()), found().s3());
    }

    private Manifest published(@Nullable S3Object s3, boolean digest) throws Exception {
        return assertInstanceOf(Published.Done.class, publish(s3, digest)).manifest();
    }

    private Manifest found() {
        return assertInstanceOf(Lookup.Found.class, manifests.find(ID, soon())).manifest();
    }

    private Checked check(Manifest manifest) throws Exception {
        return new SourceCheck(
                        new Probes(loopback.fetcher(), new AttemptLog()),
                        publisher,
                        manifests,
                        Duration.ofSeconds(20),
                        Ticker.system())
                .check(manifest);
    }

    private void assertNothingStored() {
        assertEquals(new Lookup.Unknown(), manifests.find(ID, soon()));
    }

    private static String sha256(int first, int last) {
        return HostedObject.of(OBJECT.slice(first, last)).sha256Hex();
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(20), Ticker.system());
    }
}
