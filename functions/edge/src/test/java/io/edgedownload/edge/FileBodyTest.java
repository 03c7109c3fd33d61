package io.edgedownload.edge;

import static io.edgedownload.edge.KeptChunks.slice;
import static io.edgedownload.edge.KeptChunks.whole;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.edge.BodyWriter.Segment;
import io.edgedownload.engine.Piece;
import io.edgedownload.engine.verify.VerifiedChunk;
import io.edgedownload.fixtures.BodyEnd;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import io.edgedownload.fixtures.SelfSignedKey;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bodies of slices that lie in files, alone and between slices in memory. After each test every reference has come back: the
 * chunks are freed when the test lets go of its own.
 */
final class FileBodyTest {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int CHUNKS = 24;
    private static final BodyWriter.Limits PATIENT = new BodyWriter.Limits(1, Duration.ofMinutes(5));

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    @SuppressWarnings("NullAway.Init") // by start
    private KeptChunks chunks;

    @BeforeEach
    void start() {
        chunks = new KeptChunks(folder);
    }

    @AfterEach
    void allReferencesCameBack() throws Exception {
        chunks.drain();
    }

    @Test
    void aWholeChunkIsSentByTheKernel() throws Exception {
        Piece.Slice slice = whole(file());
        try (SliceServer server = plain(slice)) {
            assertBody(RawHttp.get(server.uri()), slice);
            assertEquals(List.of((long) CHUNK_BYTES), server.sentFileBytes());
        }
    }

    @Test
    void aPartOfAChunkIsSentByTheKernel() throws Exception {
        Piece.Slice slice = slice(file(), 1_000, 70_000);
        try (SliceServer server = plain(slice)) {
            assertBody(RawHttp.get(server.uri()), slice);
            assertEquals(List.of(70_000L), server.sentFileBytes());
        }
    }

    @Test
    void filesAndMemoryFollowEachOtherInOneBody() throws Exception {
        Piece.Slice[] slices = {
            slice(memory(), 5, CHUNK_BYTES - 5),
            whole(file()),
            whole(file()),
            whole(memory()),
            whole(memory()),
            slice(file(), 0, 1)
        };
        try (SliceServer server = plain(slices)) {
            assertBody(RawHttp.get(server.uri()), slices);
            assertEquals(List.of((long) CHUNK_BYTES, (long) CHUNK_BYTES, 1L), server.sentFileBytes());
        }
    }

    @Test
    void framesStandBetweenFiles() throws Exception {
        Piece.Slice first = slice(file(), 10, 100_000);
        Piece.Slice last = whole(file());
        List<Segment> body = List.of(
                new Segment.Literal(Buffer.buffer("opening")),
                new Segment.Held(first),
                new Segment.Literal(Buffer.buffer("between")),
                new Segment.Held(last),
                new Segment.Literal(Buffer.buffer("closing")));
        try (SliceServer server = server(new HttpServerOptions(), PATIENT, body)) {
            Buffer expected = Buffer.buffer("opening")
                    .appendBytes(chunks.bytes(first))
                    .appendString("between")
                    .appendBytes(chunks.bytes(last))
                    .appendString("closing");
            assertArrayEquals(expected.getBytes(), RawHttp.get(server.uri()).body());
            assertEquals(List.of(100_000L, (long) CHUNK_BYTES), server.sentFileBytes());
        }
    }

    @Test
    void oneConnectionCarriesManyAnswersEvenWhenTheyAreAskedForAtOnce() throws Exception {
        Piece.Slice[] slices = {whole(file()), slice(file(), 7, 77)};
        try (SliceServer server = plain(slices);
                RawHttp client = RawHttp.connect(server.uri())) {
            for (int request = 0; request < 5; request++) {
                client.request("GET", server.uri(), Map.of());
            }
            for (int request = 0; request < 5; request++) {
                assertBody(client.response(), slices);
            }
        }
    }

    @Test
    void aReaderThatComesLateGetsAllOfALongBody() throws Exception {
        Piece.Slice[] slices = longBody();
        try (SliceServer server = plain(slices);
                RawHttp client = RawHttp.connectSlow(server.uri())) {
            client.request("GET", server.uri(), Map.of());
            RawHttp.Head head = client.head();
            assertTrue(server.sentFileBytes().size() < CHUNKS, "a file is written when the one before it is gone");
            assertArrayEquals(chunks.bytes(slices), client.rest(head, 0).body());
        }
    }

    @Test
    void aReaderThatStopsIsCut() throws Exception {
        BodyWriter.Limits strict = new BodyWriter.Limits(1 << 20, Duration.ofMillis(200));
        try (SliceServer server = server(new HttpServerOptions(), strict, longBody());
                RawHttp client = RawHttp.connectSlow(server.uri())) {
            client.request("GET", server.uri(), Map.of());
            RawHttp.Head head = client.head();
            chunks.drain();
            assertInstanceOf(BodyEnd.Reset.class, client.rest(head, 0).end());
        }
    }

    @Test
    void aClientThatLeavesGivesItsReferencesBack() throws Exception {
        try (SliceServer server = plain(longBody())) {
            RawHttp client = RawHttp.connectSlow(server.uri());
            client.request("GET", server.uri(), Map.of());
            client.head();
            client.leave();
            chunks.drain();
        }
    }

    @Test
    void aClientThatLeavesASingleChunkGivesItsReferenceBack() throws Exception {
        try (SliceServer server = plain(whole(chunks.file(16 * CHUNK_BYTES)))) {
            RawHttp client = RawHttp.connectSlow(server.uri());
            client.request("GET", server.uri(), Map.of());
            client.head();
            client.leave();
            chunks.drain();
        }
    }

    @Test
    void aFileThatIsCutWhileItIsSentResetsTheConnection() throws Exception {
        Piece.Slice slice = whole(chunks.file(16 * CHUNK_BYTES));
        try (SliceServer server = plain(slice);
                RawHttp client = RawHttp.connectSlow(server.uri())) {
            client.request("GET", server.uri(), Map.of());
            RawHttp.Head head = client.head();
            chunks.cut(slice, 0);
            RawResponse answer = client.rest(head, 0);
            assertInstanceOf(BodyEnd.Reset.class, answer.end(), answer::toString);
        }
    }

    @Test
    void aFileThatWasCutBeforeResetsTheConnectionWhereItEnds() throws Exception {
        Piece.Slice[] slices = {whole(memory()), whole(file()), whole(file())};
        chunks.cut(slices[1], 10);
        try (SliceServer server = plain(slices)) {
            RawResponse answer = RawHttp.get(server.uri());
            assertInstanceOf(BodyEnd.Reset.class, answer.end(), answer::toString);
            assertTrue(answer.body().length <= CHUNK_BYTES + 10, answer::toString);
            assertEquals(List.of((long) CHUNK_BYTES), server.sentFileBytes());
        }
    }

    @Test
    void overHttp2FilesAreCopied() throws Exception {
        Piece.Slice[] slices = {whole(file()), slice(memory(), 1, 100), slice(file(), 3, 300_001)};
        try (SliceServer server = plain(slices)) {
            HttpResponse<byte[]> answer = get(HttpClient.newBuilder(), HttpClient.Version.HTTP_2, server.uri());
            assertEquals(HttpClient.Version.HTTP_2, answer.version());
            assertArrayEquals(chunks.bytes(slices), answer.body());
            assertEquals(List.of(), server.sentFileBytes());
        }
    }

    @Test
    void overHttp2AFileThatIsCutBreaksTheAnswer() throws Exception {
        Piece.Slice[] slices = {whole(file()), whole(file())};
        chunks.cut(slices[1], 200_000);
        try (SliceServer server = plain(slices)) {
            assertThrows(
                    IOException.class, () -> get(HttpClient.newBuilder(), HttpClient.Version.HTTP_2, server.uri()));
        }
    }

    @Test
    void overHttp2AClientThatLeavesGivesItsReferencesBack() throws Exception {
        try (SliceServer server = plain(whole(chunks.file(CHUNKS * CHUNK_BYTES)));
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<InputStream> answer = client.send(
                    HttpRequest.newBuilder(server.uri()).build(), HttpResponse.BodyHandlers.ofInputStream());
            assertEquals(HttpClient.Version.HTTP_2, answer.version());
            assertEquals(1, answer.body().readNBytes(1).length);
            answer.body().close();
            chunks.drain();
        }
    }

    /** Two answers on one connection, of which one is not read. */
    @Test
    void overHttp2WhatIsNotReadIsNotReadAheadAndHoldsUpNobody() throws Exception {
        int lengthBytes = CHUNKS * CHUNK_BYTES;
        Piece.Slice slice = whole(chunks.file(lengthBytes));
        Vertx vertx = Vertx.vertx();
        try (SliceServer server = plain(slice)) {
            HttpClientOptions options = new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false)
                    .setHttp2MaxPoolSize(1)
                    .setHttp2ConnectionWindowSize(1 << 20);
            io.vertx.core.http.HttpClient client = vertx.createHttpClient(options);
            HttpClientResponse unread =
                    join(client.request(HttpMethod.GET, server.uri().getPort(), "127.0.0.1", "/")
                            .compose(HttpClientRequest::send)
                            .onSuccess(HttpClientResponse::pause));
            Buffer read = join(client.request(HttpMethod.GET, server.uri().getPort(), "127.0.0.1", "/")
                    .compose(HttpClientRequest::send)
                    .compose(HttpClientResponse::body));
            assertArrayEquals(chunks.bytes(slice), read.getBytes());
            // A stream's window (RFC 9113 §6.9.2), and frames around both.
            assertTrue(server.writtenBytes() < lengthBytes + 2 * 65_535L, () -> "written: " + server.writtenBytes());

            Future<Buffer> rest = unread.body();
            unread.resume();
            assertArrayEquals(chunks.bytes(slice), join(rest).getBytes());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static <T> T join(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(1, TimeUnit.MINUTES);
    }

    @Test
    void whereBodiesMayBeCompressedFilesAreCopied() throws Exception {
        Piece.Slice[] slices = {whole(file()), slice(memory(), 1, 100), whole(file())};
        HttpServerOptions options = new HttpServerOptions().setCompressionSupported(true);
        try (SliceServer server = server(options, PATIENT, slices)) {
            assertBody(RawHttp.get(server.uri()), slices);
            assertEquals(List.of(), server.sentFileBytes());
        }
    }

    @Test
    void overTlsFilesAreCopied() throws Exception {
        SelfSignedKey key = SelfSignedKey.make(folder);
        Piece.Slice[] slices = {whole(file()), slice(memory(), 1, 100), slice(file(), 3, 300_001)};
        try (SliceServer server = server(tls(key), PATIENT, slices)) {
            HttpClient.Builder client = HttpClient.newBuilder().sslContext(key.client());
            HttpResponse<byte[]> answer = get(client, HttpClient.Version.HTTP_1_1, server.uri());
            assertArrayEquals(chunks.bytes(slices), answer.body());
            assertEquals(List.of(), server.sentFileBytes());
        }
    }

    @Test
    void overTlsAFileThatIsCutBreaksTheAnswer() throws Exception {
        SelfSignedKey key = SelfSignedKey.make(folder);
        Piece.Slice slice = whole(file());
        chunks.cut(slice, 300_000);
        try (SliceServer server = server(tls(key), PATIENT, slice)) {
            HttpClient.Builder client = HttpClient.newBuilder().sslContext(key.client());
            assertThrows(IOException.class, () -> get(client, HttpClient.Version.HTTP_1_1, server.uri()));
        }
    }

    private static HttpResponse<byte[]> get(HttpClient.Builder builder, HttpClient.Version version, URI uri)
            throws Exception {
        try (HttpClient client = builder.version(version).build()) {
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private static SliceServer plain(Piece.Slice... slices) {
        return server(new HttpServerOptions(), PATIENT, slices);
    }

    private static SliceServer server(HttpServerOptions options, BodyWriter.Limits limits, Piece.Slice... slices) {
        return server(
                options,
                limits,
                Stream.of(slices).<Segment>map(Segment.Held::new).toList());
    }

    private static SliceServer server(HttpServerOptions options, BodyWriter.Limits limits, List<Segment> body) {
        return new SliceServer(options, limits, () -> {
            for (Segment segment : body) {
                if (segment instanceof Segment.Held(Piece.Slice slice)) {
                    assertTrue(slice.chunk().retain());
                }
            }
            return body;
        });
    }

    private Piece.Slice[] longBody() throws IOException {
        Piece.Slice[] slices = new Piece.Slice[CHUNKS];
        for (int index = 0; index < CHUNKS; index++) {
            slices[index] = whole(file());
        }
        return slices;
    }

    private VerifiedChunk file() throws IOException {
        return chunks.file(CHUNK_BYTES);
    }

    private VerifiedChunk memory() {
        return chunks.memory(CHUNK_BYTES);
    }

    private void assertBody(RawResponse answer, Piece.Slice... slices) {
        assertEquals(206, answer.status());
        assertTrue(answer.isComplete(), answer::toString);
        assertArrayEquals(chunks.bytes(slices), answer.body());
    }

    private static HttpServerOptions tls(SelfSignedKey key) {
        return new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(
                        new PfxOptions().setPath(key.store().toString()).setPassword(SelfSignedKey.PASSWORD));
    }
}
