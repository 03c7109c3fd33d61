package io.edgedownload.faults;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.faults.WeakLink.Fate;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The clients of docs/clients, as they are, over a link that breaks: each ends with the right bytes or says why not. */
class ClientsTest {
    private static final String PATH = "/object";
    private static final int CHUNK_BYTES = 65_536;
    private static final HostedObject BEFORE = HostedObject.random(93, 10 * CHUNK_BYTES + 7);
    private static final HostedObject AFTER = HostedObject.random(94, 2 * CHUNK_BYTES);
    private static final Path CLIENTS = Path.of("..", "..", "docs", "clients").toAbsolutePath();
    private static final Pattern SIGNED_URL = Pattern.compile("\"url\":\"(/download/[^\"?]+\\?sig=[^\"]+)\"");

    /** How each is run, without pauses between its tries. */
    enum Client {
        SHELL,
        JAVA;

        private List<String> command() {
            return switch (this) {
                case SHELL -> List.of("sh", CLIENTS.resolve("download.sh").toString());
                case JAVA ->
                    List.of(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-Dpause=0",
                            "-Dtries=20",
                            CLIENTS.resolve("Download.java").toString());
            };
        }

        Process start(URI url, Path file) throws IOException {
            var line = new ArrayList<>(command());
            line.addAll(List.of(url.toString(), file.toString(), Integer.toString(CHUNK_BYTES)));
            var builder = new ProcessBuilder(line).redirectErrorStream(true);
            builder.environment().putAll(Map.of("PAUSE", "0", "TRIES", "20"));
            return builder.redirectOutput(log(file).toFile()).start();
        }

        static Path log(Path file) {
            return file.resolveSibling("client.log");
        }

        /** Its exit code. */
        int run(URI url, Path file) throws IOException, InterruptedException {
            Process process = start(url, file);
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "still running:" + process.info());
            return process.exitValue();
        }
    }

    private static Edge edge;

    @TempDir
    private Path directory;

    private FaultOrigin origin;
    private Path file;

    @BeforeAll
    static void startEdge() throws Exception {
        edge = Edge.start(
                "clients",
                Map.of(
                        "edge.revalidation.fresh", "0s",
                        "edge.revalidation.stale-while-revalidate", "0s",
                        "edge.revalidation.patience", "20s",
                        "edge.signing.active", "k1",
                        "edge.signing.keys.\"k1\"", "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY"));
    }

    @AfterAll
    static void stopEdge() {
        edge.close();
    }

    @BeforeEach
    void start() throws IOException {
        origin = FaultOrigin.start().serve(PATH, BEFORE);
        file = directory.resolve("a file");
    }

    @AfterEach
    void stop() throws IOException {
        origin.close();
    }

    @ParameterizedTest
    @EnumSource
    void aLinkThatKeepsBreakingOnlyTakesLonger(Client client) throws Exception {
        var random = new Random(7);
        downloads(
                client,
                BEFORE,
                request -> request % 3 == 0 ? new Fate.Whole() : new Fate.CutAfter(1 + random.nextInt(CHUNK_BYTES)));
    }

    @ParameterizedTest
    @EnumSource
    void wrongBytesAreFetchedAgain(Client client) throws Exception {
        try (WeakLink link = link(request -> request == 3 ? new Fate.FlipAt(20_000) : new Fate.Whole())) {
            assertEquals(0, client.run(link.uri(edge.uri(published())), file));
            assertBytes(BEFORE);
            assertEquals(2, asked(link, 3));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aKilledDownloadGoesOnWhereItStopped(Client client) throws Exception {
        var reached = new CountDownLatch(1);
        var killed = new CountDownLatch(1);
        try (WeakLink link = link(request -> {
            if (request == 6) {
                reached.countDown();
                await(killed);
            }
            return new Fate.Whole();
        })) {
            URI url = link.uri(edge.uri(published()));
            Process process = client.start(url, file);
            await(reached);
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
            killed.countDown();
            assertFalse(Files.exists(file), "it is not complete");
            // A piece of a chunk, as a kill in the middle of a write leaves it.
            Path part = file.resolveSibling("a file.part");
            byte[] kept = Files.readAllBytes(part);
            Files.write(part, Arrays.copyOf(kept, kept.length + 1_000));

            assertEquals(0, client.run(url, file));
            assertBytes(BEFORE);
            assertEquals(
                    List.of(1L, 1L, 1L, 1L, 1L),
                    Stream.of(1, 2, 3, 4, 5).map(number -> asked(link, number)).toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherObjectIsFetchedFromItsBeginning(Client client) throws Exception {
        downloads(client, AFTER, request -> {
            if (request == 4) {
                origin.serve(PATH, AFTER);
            }
            return new Fate.Whole();
        });
    }

    @ParameterizedTest
    @EnumSource
    void aSignedAddressOfAnEarlierStateEndsWithTheReason(Client client) throws Exception {
        String id = published();
        var matcher = SIGNED_URL.matcher(edge.call("resolve", id).text());
        assertTrue(matcher.find(), "resolve gives out a signed address");
        URI signed = edge.uri(id).resolve(matcher.group(1));
        assertEquals(0, client.run(signed, file));
        assertBytes(BEFORE);

        origin.serve(PATH, AFTER);
        Path second = directory.resolve("second");
        assertEquals(1, client.run(signed, second));
        assertFalse(Files.exists(second));
        assertTrue(Files.readString(Client.log(second)).contains("earlier state"));
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalEndsWithItsReason(Client client) throws Exception {
        assertEquals(1, client.run(edge.uri("nothing-here"), file));
        assertFalse(Files.exists(file));
        assertTrue(Files.readString(Client.log(file)).contains("404"));
    }

    @ParameterizedTest
    @EnumSource
    void anEmptyObjectIsAnEmptyFile(Client client) throws Exception {
        origin.serve(PATH, HostedObject.random(95, 0));
        assertEquals(0, client.run(edge.uri(published()), file));
        assertEquals(0, Files.size(file));
    }

    @ParameterizedTest
    @EnumSource
    void whoGivesUpSaysHowToGoOn(Client client) throws Exception {
        URI url;
        try (WeakLink link = link(request -> new Fate.CutAfter(100))) {
            url = link.uri(edge.uri(published()));
            assertEquals(1, client.run(url, file));
            assertEquals(21, asked(link, 1));
        }
        assertTrue(Files.readString(Client.log(file)).contains("gave up at chunk 1; run again to go on"));
    }

    private void downloads(Client client, HostedObject expected, IntFunction<Fate> script) throws Exception {
        try (WeakLink link = link(script)) {
            assertEquals(0, client.run(link.uri(edge.uri(published())), file), () -> "see " + Client.log(file));
        }
        assertBytes(expected);
        try (Stream<Path> left = Files.list(directory)) {
            assertEquals(2, left.count(), "the file and the log of the test, nothing else");
        }
    }

    private void assertBytes(HostedObject expected) throws IOException {
        assertArrayEquals(expected.bytes(), Files.readAllBytes(file));
    }

    private static WeakLink link(IntFunction<Fate> script) throws IOException {
        return WeakLink.start(edge.uri("any"), script);
    }

    /** How often a chunk was asked for. */
    private static long asked(WeakLink link, int number) {
        return link.requests().stream()
                .filter(line -> line.contains("chunk=" + number + "&"))
                .count();
    }

    private static void await(CountDownLatch latch) {
        try {
            assertTrue(latch.await(60, TimeUnit.SECONDS), "in time");
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    private String published() throws IOException {
        return edge.publish(Publication.of(origin.uri(PATH)));
    }
}
