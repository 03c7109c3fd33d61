package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CacheMemoryTest {
    private static final long MIB = 1 << 20;

    @Test
    void keepsWhatFits() {
        assertEquals(256 * MIB, CacheMemory.fitting(256 * MIB, 64 * MIB, 352 * MIB));
    }

    @Test
    void keepsTheCacheToWhatDirectMemoryLeaves() {
        assertEquals(255 * MIB, CacheMemory.fitting(256 * MIB, 64 * MIB, 351 * MIB));
        assertEquals(32 * MIB, CacheMemory.fitting(256 * MIB, 64 * MIB, 128 * MIB));
    }

    @Test
    void goesWithoutACacheWhenNothingIsLeft() {
        assertEquals(0, CacheMemory.fitting(256 * MIB, 64 * MIB, 64 * MIB));
    }

    @Test
    void believesTheSettingWhereTheLimitIsUnknown() {
        assertEquals(256 * MIB, CacheMemory.fitting(256 * MIB, 64 * MIB, -1));
        assertEquals(256 * MIB, CacheMemory.fitting(256 * MIB, 64 * MIB, 0));
    }
}
