package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.edgedownload.engine.catalog.Catalog;
import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.catalog.Catalog.Storing;
import io.edgedownload.engine.catalog.CatalogContract;
import io.edgedownload.engine.catalog.DocumentCatalog;
import io.edgedownload.engine.catalog.Documents;
import io.edgedownload.engine.catalog.Documents.Reading;
import io.edgedownload.engine.catalog.Documents.Writing;
import io.edgedownload.engine.catalog.KnownManifests;
import io.edgedownload.engine.catalog.Manifests;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.SystemTimer;
import io.edgedownload.engine.time.Ticker;
import io.quarkus.rest.client.reactive.QuarkusRestClientBuilder;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The catalog in a real Consul that demands its token; skipped where there is none to be had. */
@QuarkusTest
@TestProfile(OpenDeployment.class)
final class ConsulCatalogTest implements CatalogContract {
    private static final DownloadId ID = new DownloadId("some/id");

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    Path folder;

    private @Nullable ConsulServer server;

    @BeforeEach
    void start() throws Exception {
        Optional<Path> program = ConsulServer.installed();
        assumeTrue(program.isPresent(), "there is no consul");
        server = ConsulServer.start(program.orElseThrow(), folder);
    }

    @AfterEach
    void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Override
    public Catalog instance() {
        return catalog(ConsulServer.TOKEN);
    }

    @Test
    void onlyTheKnownVersionIsReplaced() {
        Documents documents = documents(ConsulServer.TOKEN);
        assertEquals(new Writing.Written(), documents.write("name", "one", null, soon()));
        assertEquals(new Writing.Conflict(), documents.write("name", "two", null, soon()));
        String first = assertInstanceOf(Reading.Read.class, documents.read("name", null, soon()))
                .version();
        assertEquals(new Reading.Unchanged(), documents.read("name", first, soon()));
        assertEquals(new Writing.Written(), documents.write("name", "three", first, soon()));
        assertEquals(new Writing.Conflict(), documents.write("name", "four", first, soon()));
    }

    @Test
    void whatAnotherInstancePublishesIsHeardOfBeforeTheFreshnessIsOver() throws Exception {
        Ticker ticker = Ticker.system();
        KnownManifests one = new KnownManifests(instance(), Duration.ofHours(1), new Silent(), ticker);
        CountDownLatch heard = new CountDownLatch(1);
        try (SystemTimer timer = new SystemTimer();
                ConsulChanges changes = new ConsulChanges(
                        consul(),
                        "edge-download/",
                        ConsulServer.TOKEN,
                        () -> {
                            one.askAnew();
                            heard.countDown();
                        },
                        timer,
                        task -> Thread.ofVirtual().start(task))) {
            assertInstanceOf(Lookup.Unknown.class, one.find(ID, soon()));
            changes.start();
            instance().store(Manifests.of("some/id", "g1", 11, SOURCE), soon());
            // A change before it listens is none for it.
            for (int more = 0; heard.getCount() > 0; more++) {
                instance().store(Manifests.of("other", "g" + more, 11, SOURCE), soon());
                var _ = heard.await(100, TimeUnit.MILLISECONDS);
            }
            assertInstanceOf(Lookup.Found.class, one.find(ID, soon()));
        }
    }

    @Test
    void aBrokenManifestIsUnavailableAndNamed() {
        documents(ConsulServer.TOKEN).write("some/id.json", "{", null, soon());
        String reason = assertInstanceOf(Lookup.Unavailable.class, instance().find(ID, soon()))
                .reason();
        assertTrue(reason.contains("some/id.json"), reason);
    }

    @Test
    void aWrongTokenIsNamedAndNotTold() {
        String wrong = "00000000-dead-beef-0000-000000000000";
        String reason = assertInstanceOf(
                        Lookup.Unavailable.class, catalog(wrong).find(ID, soon()))
                .reason();
        assertTrue(reason.contains("status 403") && reason.contains("edge.catalog.consul.token"), reason);
        assertFalse(reason.contains(wrong), reason);
        assertInstanceOf(Lookup.Unavailable.class, catalog(null).find(ID, soon()));
        assertInstanceOf(Storing.Failed.class, catalog(wrong).store(Manifests.of("some/id", "g", 1, SOURCE), soon()));
    }

    @Test
    void aValueThatConsulWouldRefuseIsNotSent() {
        Writing written = documents(ConsulServer.TOKEN).write("large", "x".repeat(600_000), null, soon());
        String reason = assertInstanceOf(Writing.Failed.class, written).reason();
        assertTrue(reason.contains("chunkSize"), reason);
    }

    @Test
    void aServerThatIsGoneIsUnavailable() {
        Catalog catalog = instance();
        stop();
        assertInstanceOf(Lookup.Unavailable.class, catalog.find(ID, soon()));
        assertInstanceOf(Storing.Failed.class, catalog.store(Manifests.of("some/id", "g", 1, SOURCE), soon()));
    }

    private Catalog catalog(@Nullable String token) {
        return new DocumentCatalog(documents(token), Duration.ofSeconds(10));
    }

    private Documents documents(@Nullable String token) {
        return new ConsulDocuments(
                consul(), "edge-download/", token, task -> Thread.ofVirtual().start(task));
    }

    private ConsulKeyValue consul() {
        return QuarkusRestClientBuilder.newBuilder()
                .baseUri(Objects.requireNonNull(server).uri())
                .build(ConsulKeyValue.class);
    }

    private static final class Silent implements KnownManifests.Listener {
        @Override
        public void entered(DownloadId first, String reason) {}

        @Override
        public void left(DownloadId last) {}
    }

    private static Deadline soon() {
        return Deadline.after(Duration.ofSeconds(30), Ticker.system());
    }
}
