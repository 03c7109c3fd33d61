package io.edgedownload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.catalog.Catalog;
import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.catalog.Catalog.Storing;
import io.edgedownload.engine.catalog.CatalogContract;
import io.edgedownload.engine.catalog.DocumentCatalog;
import io.edgedownload.engine.catalog.Documents;
import io.edgedownload.engine.catalog.Documents.Reading;
import io.edgedownload.engine.catalog.Documents.Writing;
import io.edgedownload.engine.catalog.Manifests;
import io.edgedownload.engine.fallback.PresignedRanges;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The catalog in a bucket of a real S3 server. */
final class S3CatalogTest implements CatalogContract {
    private static final String SECRET = "a-secret-of-this-test";
    private static final DownloadId ID = new DownloadId("some/id");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Loopback loopback = new Loopback();
    private S3Server server;

    @BeforeEach
    void start() throws Exception {
        server = S3Server.start(SECRET);
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
        loopback.close();
    }

    @Override
    public Catalog instance() {
        return new DocumentCatalog(documents(S3Server.BUCKET, SECRET), PATIENCE);
    }

    @Test
    void onlyTheKnownVersionIsReplaced() {
        Documents documents = documents(S3Server.BUCKET, SECRET);
        assertInstanceOf(Writing.Written.class, documents.write("name", "one", null, soon()));
        assertInstanceOf(Writing.Conflict.class, documents.write("name", "two", null, soon()));
        String first = read(documents, null).version();
        assertInstanceOf(Reading.Unchanged.class, documents.read("name", first, soon()));
        assertInstanceOf(Writing.Written.class, documents.write("name", "three", first, soon()));
        assertInstanceOf(Writing.Conflict.class, documents.write("name", "four", first, soon()));
        assertEquals("three", read(documents, first).text());
        assertInstanceOf(Writing.Conflict.class, documents.write("deleted", "five", first, soon()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"id\":7}"})
    void aBrokenManifestIsUnavailableAndCanBeReplaced(String text) {
        documents(S3Server.BUCKET, SECRET).write("some/id.json", text, null, soon());
        Lookup lookup = instance().find(ID, soon());
        String reason = assertInstanceOf(Lookup.Unavailable.class, lookup).reason();
        assertTrue(reason.contains("some/id.json"), reason);
        assertEquals(new Storing.Replaced(), instance().store(Manifests.of("some/id", "g", 1, SOURCE), soon()));
        assertInstanceOf(Lookup.Found.class, instance().find(ID, soon()));
    }

    @Test
    void aWrongSecretIsNamedAndNotTold() {
        Catalog catalog = new DocumentCatalog(documents(S3Server.BUCKET, "another-secret"), PATIENCE);
        Lookup.Unavailable lookup = assertInstanceOf(Lookup.Unavailable.class, catalog.find(ID, soon()));
        assertTrue(lookup.reason().contains("status 403"), lookup.reason());
        assertTrue(lookup.reason().contains("s3://downloads/catalog/some/id.json"), lookup.reason());
        assertFalse(lookup.reason().contains("X-Amz"), lookup.reason());
    }

    @Test
    void aServerThatIsGoneIsUnavailable() throws Exception {
        Catalog catalog = instance();
        server.stop();
        assertInstanceOf(Lookup.Unavailable.class, catalog.find(ID, soon()));
        assertInstanceOf(Storing.Failed.class, catalog.store(Manifests.of("some/id", "g", 1, SOURCE), soon()));
    }

    private static Reading.Read read(Documents documents, @Nullable String known) {
        return assertInstanceOf(Reading.Read.class, documents.read("name", known, soon()));
    }

    private Documents documents(String bucket, String secret) {
        var credentials = StaticCredentialsProvider.create(AwsBasicCredentials.create(S3Server.ACCESS_KEY_ID, secret));
        S3Presigner presigner = S3Presigner.builder()
                .region(Region.of(S3Server.REGION))
                .credentialsProvider(credentials)
                .endpointOverride(server.endpoint())
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build();
        return new S3Documents(
                bucket,
                "catalog/",
                loopback.fetcher(),
                new PresignedRanges(presigner, credentials, InstantSource.system(), Duration.ofMinutes(5)));
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), Ticker.system());
    }
}
