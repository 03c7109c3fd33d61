package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.resolve.SearchNames.Candidate;
import io.edgedownload.engine.time.ManualTicker;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** The estimate by which the cache is bounded is not less than what it takes. */
final class NameCacheFootprintTest {
    private static final int NAMES = 20_000;

    @Test
    void aNameTakesNoMoreThanItsEstimate() throws Exception {
        ManualTicker ticker = new ManualTicker();
        NameCache names = new NameCache(
                new NameCache.Limits(1 << 20, 64 << 20, 1),
                LocalResolver.ttl(),
                new ZoneGuard(new ZoneGuard.Limits(10, 10), ticker),
                (name, learned) -> learned.accept(new Learned.Addresses(
                        List.of(address(name, 4)), List.of(address(name, 16)), 60, 0, DnsServer.parse("192.0.2.53"))),
                ticker,
                _ -> {},
                new ResolveCounters());
        long before = usedBytes();

        for (int number = 0; number < NAMES; number++) {
            names.find(new Candidate("origin-%06d.example.com".formatted(number), false));
        }

        long taken = usedBytes() - before;
        assertEquals(NAMES, names.entries());
        assertTrue(
                taken <= names.estimatedBytes(),
                String.format(
                        Locale.ROOT, "%d bytes a name, estimated %d", taken / NAMES, names.estimatedBytes() / NAMES));
    }

    private static InetAddress address(String name, int octets) {
        byte[] address = new byte[octets];
        address[0] = 32;
        address[octets - 2] = (byte) (name.hashCode() >> 8);
        address[octets - 1] = (byte) name.hashCode();
        try {
            return InetAddress.getByAddress(address);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    private static long usedBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
