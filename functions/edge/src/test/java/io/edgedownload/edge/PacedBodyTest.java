package io.edgedownload.edge;

import static io.edgedownload.edge.KeptChunks.slice;
import static io.edgedownload.edge.KeptChunks.whole;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.edge.BodyWriter.Segment;
import io.edgedownload.engine.Piece;
import io.edgedownload.engine.guard.Pacer;
import io.edgedownload.engine.time.ManualTicker;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bodies that are written by turns. Time moves only when a test moves it, a turn a second; and all references come back. */
final class PacedBodyTest {
    private static final int TURN = Pacer.TURN_BYTES;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();
    private static final BodyWriter.Limits PATIENT = new BodyWriter.Limits(1, Duration.ofMinutes(5));

    private final ManualTicker ticker = new ManualTicker();
    private final Pacer pacer = new Pacer(ticker, ticker);

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    @SuppressWarnings("NullAway.Init") // by start
    private KeptChunks chunks;

    @BeforeEach
    void start() {
        chunks = new KeptChunks(folder);
        pacer.limit(OptionalLong.of(TURN));
    }

    @AfterEach
    void allReferencesCameBack() throws Exception {
        chunks.drain();
    }

    @Test
    void memoryIsWrittenATurnASecond() throws Exception {
        readsATurnASecond(slice(chunks.memory(4 * TURN), 5, 3 * TURN));
    }

    @Test
    void aFileIsSentByTheKernelATurnASecond() throws Exception {
        Piece.Slice slice = slice(chunks.file(4 * TURN), 5, 3 * TURN);
        try (SliceServer server = server(PATIENT, slice)) {
            readsATurnASecond(server, slice);
            assertEquals(List.of((long) TURN, (long) TURN, (long) TURN), server.sentFileBytes());
        }
    }

    @Test
    void slicesFollowEachOtherByTurns() throws Exception {
        Piece.Slice[] slices = {whole(chunks.memory(TURN + 1)), whole(chunks.file(TURN + 2)), whole(chunks.memory(3))};
        try (SliceServer server = server(PATIENT, slices)) {
            CompletableFuture<RawResponse> answer = get(server);
            advanceUntil(answer::isDone);
            assertTrue(answer.join().isComplete());
            assertArrayEquals(chunks.bytes(slices), answer.join().body());
        }
        assertEquals(2 * TURN + 6L, pacer.pacedBytes());
    }

    @Test
    void overHttp2ItIsPacedToo() throws Exception {
        Piece.Slice[] slices = {whole(chunks.file(2 * TURN)), whole(chunks.memory(2 * TURN))};
        try (SliceServer server = server(PATIENT, slices);
                HttpClient client = HttpClient.newHttpClient()) {
            CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(
                    HttpRequest.newBuilder(server.uri()).build(), HttpResponse.BodyHandlers.ofByteArray());
            advanceUntil(answer::isDone);
            assertEquals(HttpClient.Version.HTTP_2, answer.join().version());
            assertArrayEquals(chunks.bytes(slices), answer.join().body());
        }
        assertEquals(4L * TURN, pacer.pacedBytes());
    }

    @Test
    void clientsTakeTurns() throws Exception {
        Piece.Slice slice = whole(chunks.memory(4 * TURN));
        try (SliceServer server = server(PATIENT, slice);
                RawHttp first = ask(server);
                RawHttp second = ask(server)) {
            awaitWaiting(2);
            for (int turn = 0; turn < 4; turn++) {
                for (int client = 0; client < 2; client++) {
                    ticker.advance(SECOND);
                    awaitWaiting(turn == 3 ? 1 - client : 2);
                }
                // Each has had as many turns as the other.
                assertEquals((turn + 1) * 2L * TURN, pacer.pacedBytes());
                readTurn(first, turn);
                readTurn(second, turn);
            }
        }
    }

    @Test
    void whenTheLimitIsLiftedTheRestFollowsAtOnce() throws Exception {
        Piece.Slice slice = whole(chunks.file(20 * TURN));
        try (SliceServer server = server(PATIENT, slice)) {
            CompletableFuture<RawResponse> answer = get(server);
            awaitWaiting(1);
            pacer.limit(OptionalLong.empty());
            assertArrayEquals(chunks.bytes(slice), answer.join().body());
        }
    }

    @Test
    void aClientThatLeavesLetsGoOfItsTurn() throws Exception {
        try (SliceServer server = server(PATIENT, whole(chunks.memory(4 * TURN)), whole(chunks.file(4 * TURN)))) {
            RawHttp client = ask(server);
            awaitWaiting(1);
            ticker.advance(SECOND);
            client.head();
            client.leave();
            awaitWaiting(0);
            chunks.drain();
        }
        assertTrue(pacer.pacedBytes() <= 2L * TURN);
    }

    @Test
    void aClientThatHadToWaitIsNotCutForBeingSlow() throws Exception {
        Piece.Slice slice = whole(chunks.memory(3 * TURN));
        BodyWriter.Limits strict = new BodyWriter.Limits(1 << 30, Duration.ofMillis(5));
        try (SliceServer server = server(strict, slice)) {
            CompletableFuture<RawResponse> answer = get(server);
            advanceUntil(answer::isDone);
            assertTrue(answer.join().isComplete(), () -> answer.join().toString());
            assertArrayEquals(chunks.bytes(slice), answer.join().body());
        }
    }

    private void readsATurnASecond(Piece.Slice slice) throws Exception {
        try (SliceServer server = server(PATIENT, slice)) {
            readsATurnASecond(server, slice);
        }
    }

    private void readsATurnASecond(SliceServer server, Piece.Slice slice) throws Exception {
        try (RawHttp client = ask(server)) {
            byte[] expected = chunks.bytes(slice);
            for (int turn = 0; turn < 3; turn++) {
                awaitWaiting(1);
                assertEquals((long) turn * TURN, pacer.pacedBytes());
                ticker.advance(SECOND);
                if (turn == 0) {
                    assertEquals(206, client.head().status());
                }
                assertArrayEquals(Arrays.copyOfRange(expected, turn * TURN, (turn + 1) * TURN), client.read(TURN));
            }
        }
    }

    private static void readTurn(RawHttp client, int turn) throws IOException {
        if (turn == 0) {
            client.head();
        }
        client.read(TURN);
    }

    private static RawHttp ask(SliceServer server) throws IOException {
        RawHttp client = RawHttp.connect(server.uri());
        client.request("GET", server.uri(), Map.of());
        return client;
    }

    private static CompletableFuture<RawResponse> get(SliceServer server) {
        URI uri = server.uri();
        return CompletableFuture.supplyAsync(() -> {
            try {
                return RawHttp.get(uri);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void awaitWaiting(int turns) {
        await(() -> pacer.waitingTurns() == turns);
    }

    private void advanceUntil(BooleanSupplier done) {
        await(() -> {
            if (pacer.waitingTurns() > 0) {
                ticker.advance(SECOND);
            }
            return done.getAsBoolean();
        });
    }

    private static void await(BooleanSupplier condition) {
        long startNanos = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - startNanos < PATIENCE_NANOS, "it never happens");
            Thread.onSpinWait();
        }
    }

    private SliceServer server(BodyWriter.Limits limits, Piece.Slice... slices) {
        List<Segment> body = Stream.of(slices).<Segment>map(Segment.Held::new).toList();
        return new SliceServer(new HttpServerOptions(), limits, pacer, () -> {
            for (Piece.Slice slice : slices) {
                assertTrue(slice.chunk().retain());
            }
            return body;
        });
    }
}
