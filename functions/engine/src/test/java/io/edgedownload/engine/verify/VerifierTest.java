package io.edgedownload.engine.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.time.ManualTicker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class VerifierTest {
    /** Of {@code abc} (FIPS 180-2, appendix B.1). */
    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    private static final String OTHER = "0".repeat(64);

    private final Verifier verifier = new Verifier(new ManualTicker(77));
    private final ByteBuf bytes = Unpooled.directBuffer(3, 3).writeBytes("abc".getBytes(UTF_8));

    @Test
    void takesTheBytesThatWerePublished() {
        MemoryChunk chunk = chunk(verifier.verify(bytes, ABC));
        assertEquals(3, chunk.lengthBytes());
        assertEquals(77, chunk.verifiedAtNanos());
        assertEquals("bc", chunk.slice(1, 2).toString(UTF_8));
        chunk.release();
    }

    @Test
    void refusesOtherBytesAndFreesThem() {
        assertEquals(new Verification.Corrupt(OTHER, ABC), verifier.verify(bytes, OTHER));
        assertEquals(0, bytes.refCnt());
    }

    @Test
    void computesTheDigestWhenNoneWasPublished() {
        MemoryChunk chunk = chunk(verifier.verify(bytes, null));
        assertArrayEquals(HexFormat.of().parseHex(ABC), chunk.sha256());
        chunk.sha256()[0] = 0;
        assertArrayEquals(HexFormat.of().parseHex(ABC), chunk.sha256());
        chunk.release();
    }

    @Test
    void theLastToLetGoFreesTheMemory() {
        MemoryChunk chunk = chunk(verifier.verify(bytes, ABC));
        AtomicInteger freed = new AtomicInteger();
        chunk.whenFreed(freed::incrementAndGet);
        assertTrue(chunk.retain());
        chunk.release();
        assertEquals(1, bytes.refCnt());
        assertEquals(0, freed.get());
        chunk.release();
        assertEquals(0, bytes.refCnt());
        assertEquals(1, freed.get());
    }

    @Test
    void whatIsFreedCannotBeTakenAgain() {
        MemoryChunk chunk = chunk(verifier.verify(bytes, ABC));
        chunk.release();
        assertFalse(chunk.retain());
    }

    @Test
    void releasingTooOftenIsAnErrorThatFreesNothingTwice() {
        MemoryChunk chunk = chunk(verifier.verify(bytes, ABC));
        AtomicInteger freed = new AtomicInteger();
        chunk.whenFreed(freed::incrementAndGet);
        chunk.release();
        assertThrows(IllegalStateException.class, chunk::release);
        assertFalse(chunk.retain(), "a freed chunk must stay freed after an extra release");
        assertEquals(1, freed.get());
    }

    private static MemoryChunk chunk(Verification verification) {
        return assertInstanceOf(Verification.Verified.class, verification).chunk();
    }
}
