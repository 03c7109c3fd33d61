package io.edgedownload.edge;

import static io.edgedownload.edge.KeptChunks.slice;
import static io.edgedownload.edge.KeptChunks.whole;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.edge.BodyWriter.Segment;
import io.edgedownload.engine.Piece;
import io.edgedownload.engine.verify.VerifiedChunk;
import io.edgedownload.fixtures.SelfSignedKey;
import io.edgedownload.fixtures.client.BodyClient;
import io.edgedownload.fixtures.client.NettyClient;
import io.edgedownload.fixtures.client.Transport;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bodies in the order and the length that their heads promise, over every transport. All references come back. */
final class BodyWriterTest {
    private static final int CHUNK_BYTES = 300_000;
    private static final BodyWriter.Limits PATIENT = new BodyWriter.Limits(1, Duration.ofMinutes(5));

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    @SuppressWarnings("NullAway.Init") // by start
    private KeptChunks chunks;

    private final BodyClient client = new NettyClient();

    @BeforeEach
    void start() {
        chunks = new KeptChunks(folder);
    }

    @AfterEach
    void allReferencesCameBack() throws Exception {
        client.close();
        chunks.drain();
    }

    @ParameterizedTest
    @EnumSource
    void chunksInMemoryAndFilesComeInTheirOrder(Transport transport) throws Exception {
        Piece.Slice[] slices = {
            whole(memory()), whole(file()), whole(memory()), whole(memory()), whole(file()), slice(file(), 5, 200_000)
        };
        try (SliceServer server = server(transport, 0, slices)) {
            for (int time = 0; time < 5; time++) {
                BodyClient.Got got = client.get(server.uri(), transport, Map.of());
                assertTrue(got.whole(), got::toString);
                assertArrayEquals(chunks.bytes(slices), got.body());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatIsShorterThanItsHeadSaysIsReset(Transport transport) throws Exception {
        Piece.Slice[] slices = {whole(memory()), whole(file())};
        try (SliceServer server = server(transport, 1, slices)) {
            assertBrokenOff(client.get(server.uri(), transport, Map.of()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatIsLongerThanItsHeadSaysIsReset(Transport transport) throws Exception {
        Piece.Slice[] slices = {whole(memory()), whole(file())};
        try (SliceServer server = server(transport, -1, slices)) {
            BodyClient.Got got = client.get(server.uri(), transport, Map.of());
            assertBrokenOff(got);
            // What does not fit is not begun.
            assertTrue(got.body().length <= CHUNK_BYTES, got::toString);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aSingleSliceOfAnotherLengthIsReset(Transport transport) throws Exception {
        try (SliceServer server = server(transport, 1, whole(memory()))) {
            assertBrokenOff(client.get(server.uri(), transport, Map.of()));
        }
        try (SliceServer server = server(transport, -1, whole(file()))) {
            assertBrokenOff(client.get(server.uri(), transport, Map.of()));
        }
    }

    /** Without an error a reset says that the response is complete (RFC 9113 §8.1), and clients believe it. */
    @Test
    void overHttp2AResetNamesAnError() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (SliceServer server = server(Transport.H2C, 1, whole(memory()), whole(file()))) {
            var client = vertx.createHttpClient(new HttpClientOptions()
                    .setProtocolVersion(HttpVersion.HTTP_2)
                    .setHttp2ClearTextUpgrade(false));
            var body = client.request(HttpMethod.GET, server.uri().getPort(), "127.0.0.1", "/")
                    .compose(HttpClientRequest::send)
                    .compose(HttpClientResponse::body)
                    .toCompletionStage()
                    .toCompletableFuture();
            var failed = assertThrows(ExecutionException.class, () -> body.get(1, TimeUnit.MINUTES));
            // INTERNAL_ERROR (RFC 9113 §7).
            assertEquals(
                    2,
                    assertInstanceOf(StreamResetException.class, failed.getCause())
                            .getCode());
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    /**
     * A client resets its stream while frames of it wait for the socket: they must go out with the bytes that they were made of,
     * and not with what their memory is used for next.
     */
    @Test
    void overHttp2ChunksAreHeldUntilTheirFramesAreGone() throws Exception {
        Piece.Slice slice = whole(chunks.reused(24 << 20));
        try (SliceServer server = server(Transport.H2C, 0, slice);
                Http2Wire client = Http2Wire.connect(server.uri())) {
            client.get(1);
            // From here on nothing is read, until the server knows that the client has left.
            client.awaitData();
            client.reset(1);
            server.left().get(1, TimeUnit.MINUTES);
            // The cache drops the chunk meanwhile.
            chunks.release(slice);
            byte[] got = client.data();
            assertTrue(got.length > 0);
            assertArrayEquals(Arrays.copyOf(chunks.bytes(slice), got.length), got);
        }
    }

    private static void assertBrokenOff(BodyClient.Got got) {
        assertFalse(got.whole(), got::toString);
    }

    private SliceServer server(Transport transport, long promisedMore, Piece.Slice... slices) throws Exception {
        HttpServerOptions options = new HttpServerOptions();
        if (transport.isTls()) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(new PfxOptions()
                            .setPath(SelfSignedKey.make(folder).store().toString())
                            .setPassword(SelfSignedKey.PASSWORD));
        }
        return new SliceServer(
                options,
                PATIENT,
                SliceServer.UNLIMITED,
                () -> Stream.of(slices)
                        .peek(slice -> assertTrue(slice.chunk().retain()))
                        .<Segment>map(Segment.Held::new)
                        .toList(),
                promisedMore);
    }

    private VerifiedChunk file() throws IOException {
        return chunks.file(CHUNK_BYTES);
    }

    private VerifiedChunk memory() {
        return chunks.memory(CHUNK_BYTES);
    }
}
