package io.edgedownload.engine.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class AttemptOrderTest {

    @Test
    void familiesTakeTurnsBeginningWithIpv6() {
        assertEquals(
                addresses("2001:db8::1", "192.0.2.1", "2001:db8::2", "192.0.2.2", "192.0.2.3"),
                order(Set.of(), Set.of(), "192.0.2.1", "192.0.2.2", "192.0.2.3", "2001:db8::1", "2001:db8::2"));
    }

    @Test
    void oneFamilyKeepsTheResolversOrder() {
        assertEquals(addresses("192.0.2.2", "192.0.2.1"), order(Set.of(), Set.of(), "192.0.2.2", "192.0.2.1"));
    }

    @Test
    void sickAddressesComeLast() {
        assertEquals(
                addresses("192.0.2.1", "2001:db8::1", "192.0.2.2"),
                order(Set.of("2001:db8::1", "192.0.2.2"), Set.of(), "2001:db8::1", "192.0.2.2", "192.0.2.1"));
    }

    @Test
    void anIdleConnectionComesFirstUnlessItsAddressIsSick() {
        assertEquals(
                addresses("192.0.2.2", "2001:db8::1", "192.0.2.1"),
                order(Set.of("192.0.2.1"), Set.of("192.0.2.1", "192.0.2.2"), "2001:db8::1", "192.0.2.1", "192.0.2.2"));
    }

    @Test
    void noAddressIsLostThatBecomesIdleOrSickMeanwhile() {
        for (int flipsAfter = 0; flipsAfter < 6; flipsAfter++) {
            int flip = flipsAfter;
            AtomicInteger asked = new AtomicInteger();
            Predicate<InetAddress> changing = _ -> asked.getAndIncrement() >= flip;
            assertEquals(addresses("192.0.2.1"), AttemptOrder.of(addresses("192.0.2.1"), _ -> true, changing));
            assertEquals(addresses("192.0.2.1"), AttemptOrder.of(addresses("192.0.2.1"), changing, changing.negate()));
        }
    }

    private static List<InetAddress> order(Set<String> sick, Set<String> idle, String... addresses) {
        return AttemptOrder.of(
                addresses(addresses),
                address -> !sick.stream().map(InetAddress::ofLiteral).toList().contains(address),
                address -> idle.stream().map(InetAddress::ofLiteral).toList().contains(address));
    }

    private static List<InetAddress> addresses(String... literals) {
        return Stream.of(literals).map(InetAddress::ofLiteral).toList();
    }
}
