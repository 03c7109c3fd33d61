package io.edgedownload.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Answers of many chunks: filled by several at once, in order, at the reader's pace, and once for all readers. */
@ExtendWith(AgainstTarget.class)
final class ManyChunksContract {

    /** 128 chunks of 64 KiB and a short one. */
    private static final int LENGTH = (8 << 20) + 12_345;

    private static final int CHUNKS = 129;

    private final EdgeClient edge;
    private final Functions functions;
    private final SuiteOrigin origin;
    private final byte[] bytes = new byte[LENGTH];
    private final String id;

    ManyChunksContract(Target target) {
        this.edge = target.edge();
        this.functions = target.functions();
        this.origin = target.origin();
        new Random(23).nextBytes(bytes);
        this.id = target.freshId("many");
        functions.publish(id, origin.put("/" + id, bytes, "\"many\""));
        functions.evict(id);
    }

    @RepeatedTest(5)
    @Tag("streamed")
    void aColdDownloadIsInOrder() {
        edge.get("/download/" + id).expect(200).expectBody(bytes);
        edge.get("/download/" + id).expect(200).expectBody(bytes);
    }

    @Test
    @Tag("streamed")
    void aColdRangeIsInOrder() {
        int first = 65_535;
        int last = LENGTH - 65_537;
        edge.get("/download/" + id, "Range", "bytes=" + first + "-" + last)
                .expect(206)
                .expectBody(Arrays.copyOfRange(bytes, first, last + 1));
    }

    @Test
    @Tag("streamed")
    void coldPartsAreInOrder() {
        Reply reply = edge.get("/download/" + id, "Range", "bytes=100-2000000,3000000-5000000,7000000-");
        List<Multipart.Part> parts = Multipart.parts(reply);
        assertEquals(3, parts.size());
        for (Multipart.Part part : parts) {
            int first = Math.toIntExact(part.first());
            assertArrayEquals(Arrays.copyOfRange(bytes, first, Math.toIntExact(part.last() + 1)), part.bytes());
        }
    }

    @RepeatedTest(3)
    @Tag("streamed")
    void aReaderWithASmallWindowGetsTheSameBytes() throws Exception {
        try (RawConnection raw = new RawConnection(edge.base(), 60_000, 4096)) {
            raw.send(RawConnection.request("GET", "/download/" + id, "Connection: close"));
            raw.answer("GET").expect(200).expectBody(bytes);
        }
    }

    @Test
    void manyReadersOfOneColdChunkCostOneOriginRequest() throws Exception {
        byte[] expected = Arrays.copyOfRange(bytes, 65536, 131072);
        int before = origin.gets();
        for (Reply reply : together(60, () -> edge.get("/download/" + id + "?chunk=2&size=65536"))) {
            assertArrayEquals(expected, reply.expect(206).body());
            CacheStatus status = CacheStatus.of(reply);
            assertTrue(status.has("hit") || status.has("fwd"), reply::toString);
        }
        assertEquals(1, origin.gets() - before);
    }

    @Test
    @Tag("streamed")
    void manyReadersOfOneColdObjectCostItsBytesOnce() throws Exception {
        int before = origin.gets();
        for (Reply reply : together(8, () -> edge.get("/download/" + id))) {
            reply.expect(200).expectBody(bytes);
        }
        assertEquals(CHUNKS, origin.gets() - before);
    }

    @Test
    @Tag("streamed")
    void aReaderThatLeavesDoesNotDisturbTheOthers() throws Exception {
        for (int i = 0; i < 10; i++) {
            edge.headOfGet("/download/" + id).expect(200);
        }
        edge.get("/download/" + id).expect(200).expectBody(bytes);
        assertEquals("hello world", edge.get("/download/sample-11").expect(200).text());
    }

    private static List<Reply> together(int readers, Callable<Reply> reader) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Reply>> asked = threads.invokeAll(Collections.nCopies(readers, reader));
            List<Reply> replies = new ArrayList<>();
            for (Future<Reply> reply : asked) {
                replies.add(reply.get());
            }
            return replies;
        }
    }
}
