package io.edgedownload.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.coordinator.Standing.Capacity;
import io.edgedownload.coordinator.Standing.Events;
import io.edgedownload.coordinator.Standing.Figures;
import io.edgedownload.coordinator.Standing.Hot;
import io.edgedownload.fleet.v1.Condition;
import io.edgedownload.fleet.v1.Role;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Orders are made of the state of the fleet alone. */
final class PolicyTest {
    private static final long NOW_MILLIS = 100_000_000;
    private static final long OLD_MILLIS = 0;
    private static final Policy POLICY = new Policy(new Policy.Settings(20, Duration.ofMinutes(10), 200_000_000));

    private final Map<String, Standing> fleet = new HashMap<>();

    @Test
    void aCalmFleetIsLeftAlone() {
        edge("a", "north");
        edge("b", "north");
        assertEquals(Map.of("a", Orders.NONE, "b", Orders.NONE), orders());
    }

    @Test
    void anEdgeThatSurgesGetsItsOwnLimitAndAnotherOneThatOfTheSettings() {
        edge("a", "north");
        fleet.put("b", with(standing("b", "north", 5_000, 1), Condition.CONDITION_SURGE));
        fleet.put("c", with(standing("c", "north", 0, 1), Condition.CONDITION_RETRANSMITS));
        fleet.put("d", with(standing("d", "north", 7_000, 1), Condition.CONDITION_DEGRADED));
        assertEquals(0, orders("a").egressLimit());
        assertEquals(5_000, orders("b").egressLimit());
        assertEquals(200_000_000, orders("c").egressLimit());
        assertEquals(0, orders("d").egressLimit(), "a sick origin is no reason to send less");
    }

    @Test
    void eachHotChunkHasOneKeeperInEachZone() {
        edge("a", "north");
        edge("b", "north");
        edge("c", "south");
        hotOn("a", 0, 20);
        Set<Long> north = new HashSet<>(warm("a"));
        north.addAll(warm("b"));
        assertEquals(20, north.size());
        assertEquals(20, warm("a").size() + warm("b").size());
        assertTrue(warm("a").size() > 2 && warm("b").size() > 2, "each has a share: " + warm("a") + warm("b"));
        assertEquals(20, warm("c").size());
    }

    @Test
    void theShareOfASurgingEdgeGoesToCalmOnesOfItsZoneAndNothingElseMoves() {
        List.of("a", "b", "c").forEach(name -> edge(name, "north"));
        edge("far", "south");
        hotOn("far", 0, 20);
        Map<String, List<Long>> before = warm(List.of("a", "b", "c", "far"));
        fleet.computeIfPresent("b", (_, each) -> with(each, Condition.CONDITION_SURGE));
        assertEquals(List.of(), warm("b"));
        assertTrue(warm("a").containsAll(before.getOrDefault("a", List.of())));
        assertTrue(warm("c").containsAll(before.getOrDefault("c", List.of())));
        assertEquals(20, warm("a").size() + warm("c").size());
        assertEquals(before.get("far"), warm("far"));
    }

    @Test
    void theHottestOfTheWholeFleetIsWarmedOnANewEdge() {
        edge("a", "north");
        edge("b", "south");
        hotOn("a", 0, 20);
        hotOn("b", 10, 30);
        fleet.put("new", standing("new", "west", 0, NOW_MILLIS - 1_000));
        // Those that are hot on both come before those that are hot on one.
        assertEquals(LongStream.range(10, 20).boxed().toList(), warm("new").subList(0, 10));
        assertEquals(20, warm("new").size());
    }

    @Test
    void nothingIsWarmedWithoutADiskOnANodeGuardOrWhereIsDrained() {
        edge("a", "north");
        hotOn("a", 0, 20);
        Standing plain = standing("b", "north", 0, OLD_MILLIS);
        fleet.put(
                "diskless",
                new Standing(
                        "diskless",
                        Role.ROLE_EDGE,
                        "north",
                        "1",
                        "x",
                        1,
                        NOW_MILLIS,
                        new Capacity(0, 1, 0, 1),
                        Figures.NONE,
                        Set.of(),
                        Set.of(),
                        List.of(),
                        Events.NONE));
        fleet.put(
                "guard",
                new Standing(
                        "guard",
                        Role.ROLE_NODE_GUARD,
                        "north",
                        "1",
                        "x",
                        1,
                        NOW_MILLIS,
                        plain.capacity(),
                        Figures.NONE,
                        Set.of(),
                        Set.of(),
                        List.of(),
                        Events.NONE));
        fleet.put("b", plain);
        assertEquals(List.of(), warm("diskless"));
        assertEquals(List.of(), warm("guard"));
        Map<String, Orders> orders = POLICY.orders(fleet.values(), Set.of("b"), NOW_MILLIS);
        assertTrue(orders.getOrDefault("b", Orders.NONE).drain());
        assertEquals(List.of(), orders.getOrDefault("b", Orders.NONE).warm());
        assertEquals(20, orders.getOrDefault("a", Orders.NONE).warm().size());
    }

    @Test
    void anOriginThatIsOpenOnMoreThanHalfOfTheEdgesIsAnnouncedToTheOthers() {
        List.of("a", "b", "c", "d").forEach(name -> edge(name, "north"));
        open("a", "http://sick");
        open("b", "http://sick");
        assertEquals(Set.of(), orders("d").probeFirst(), "a half is not more than a half");
        open("c", "http://sick", "http://odd");
        assertEquals(Set.of("http://sick"), orders("d").probeFirst());
        assertEquals(Set.of(), orders("a").probeFirst(), "it knows");
    }

    @Test
    void twoEdgesAreNoFleetToJudgeAnOriginBy() {
        edge("a", "north");
        edge("b", "north");
        open("a", "http://sick");
        open("b", "http://sick");
        assertEquals(Set.of(), orders("a").probeFirst());
    }

    private Map<String, Orders> orders() {
        return POLICY.orders(fleet.values(), Set.of(), NOW_MILLIS);
    }

    private Orders orders(String name) {
        return Objects.requireNonNull(orders().get(name));
    }

    private List<Long> warm(String name) {
        return orders(name).warm().stream().map(chunk -> chunk.key().index()).toList();
    }

    private Map<String, List<Long>> warm(List<String> names) {
        return names.stream().collect(Collectors.toMap(name -> name, this::warm));
    }

    private void edge(String name, String zone) {
        fleet.put(name, standing(name, zone, 0, OLD_MILLIS));
    }

    private void hotOn(String name, long from, long until) {
        List<Hot> hot = new ArrayList<>();
        for (long index = from; index < until; index++) {
            hot.add(new Hot(new Hot.Key("id", "g", index, 65_536), 65_536, 10));
        }
        fleet.computeIfPresent(
                name, (_, each) -> each.with(each.figures(), each.conditions(), each.openOrigins(), hot));
    }

    private void open(String name, String... origins) {
        fleet.computeIfPresent(
                name, (_, each) -> each.with(each.figures(), each.conditions(), Set.of(origins), each.hot()));
    }

    private static Standing with(Standing each, Condition condition) {
        return each.with(each.figures(), Set.of(condition), each.openOrigins(), each.hot());
    }

    private static Standing standing(String name, String zone, long surgeEgress, long joinedMillis) {
        return new Standing(
                name,
                Role.ROLE_EDGE,
                zone,
                "1",
                "x",
                1,
                joinedMillis,
                new Capacity(surgeEgress, 1, 1, 1),
                Figures.NONE,
                Set.of(),
                Set.of(),
                List.of(),
                Events.NONE);
    }
}
