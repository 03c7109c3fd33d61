package io.edgedownload.coordinator;

import io.edgedownload.coordinator.Standing.Hot;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What follows from the state of the fleet, and from nothing else: whichever coordinator an edge turns to, it gets the same orders.
 *
 * <ul>
 *   <li>An edge that surges, or sends too many segments again, is limited to what it says it can bear.
 *   <li>The hot set of the fleet is on a disk in each zone: each chunk has one keeper among the calm edges of the zone, by
 *       rendezvous hashing, so that the share of an edge that is not calm goes to calm ones of its zone and nothing else moves.
 *   <li>An edge that is new is to have the whole hot set.
 *   <li>An origin whose breaker is open on more than half of the edges is announced to the others.
 * </ul>
 */
final class Policy {
    /** That are told to an edge at once, see {@code fleet.proto}. */
    private static final int MOST_ORIGINS = 64;

    /** Together they are a half for no single edge, and one edge alone says nothing of the fleet. */
    private static final int LEAST_EDGES = 3;

    private final Settings settings;

    /**
     * @param hot chunks in the fleet's hot set
     * @param young how long an edge counts as a new one
     * @param egressLimit for an edge that surges and does not say what it can bear, in bytes a second
     */
    record Settings(int hot, Duration young, long egressLimit) {}

    Policy(Settings settings) {
        this.settings = settings;
    }

    /**
     * The orders of each instance.
     *
     * @param drained instances that an operator wants to be drained
     * @param nowMillis since 1970
     */
    Map<String, Orders> orders(Collection<Standing> fleet, Set<String> drained, long nowMillis) {
        List<Hot> hot = hot(fleet);
        Set<String> suspects = suspects(fleet);
        Map<String, Map<Hot.Key, String>> keepers = new HashMap<>();
        fleet.stream()
                .filter(each -> warms(each, drained))
                .collect(Collectors.groupingBy(Standing::zone))
                .forEach((zone, edges) -> keepers.put(zone, keepers(hot, edges)));
        Map<String, Orders> orders = new HashMap<>();
        for (Standing each : fleet) {
            orders.put(
                    each.instance(),
                    new Orders(
                            limit(each),
                            drained.contains(each.instance()),
                            warms(each, drained)
                                    ? warm(each, hot, keepers.getOrDefault(each.zone(), Map.of()), nowMillis)
                                    : List.of(),
                            each.isEdge() ? others(suspects, each) : Set.of()));
        }
        return orders;
    }

    private long limit(Standing each) {
        if (!each.isOverloaded()) {
            return 0;
        }
        long own = each.capacity().surgeEgress();
        return own > 0 ? own : settings.egressLimit();
    }

    private static boolean warms(Standing each, Set<String> drained) {
        return each.isEdge() && each.isCalm() && each.capacity().disk() > 0 && !drained.contains(each.instance());
    }

    private List<Hot> warm(Standing each, List<Hot> hot, Map<Hot.Key, String> keepers, long nowMillis) {
        if (nowMillis - each.joinedMillis() < settings.young().toMillis()) {
            return hot;
        }
        return hot.stream()
                .filter(chunk -> each.instance().equals(keepers.get(chunk.key())))
                .toList();
    }

    /** Rendezvous hashing: without one of the edges only its own chunks get another keeper. */
    private static Map<Hot.Key, String> keepers(List<Hot> hot, List<Standing> edges) {
        Map<Hot.Key, String> keepers = new HashMap<>();
        for (Hot chunk : hot) {
            // Of strings alone it is specified which hash they have, on whatever machine.
            int wanted = (chunk.key().id()
                            + ' '
                            + chunk.key().generation()
                            + ' '
                            + chunk.key().index())
                    .hashCode();
            edges.stream()
                    .map(Standing::instance)
                    .max(Comparator.comparingLong((String name) -> mixed(name.hashCode(), wanted))
                            .thenComparing(name -> name))
                    .ifPresent(keeper -> keepers.put(chunk.key(), keeper));
        }
        return keepers;
    }

    /** The end of MurmurHash3 (fmix64): each bit of what goes in changes half of those that come out. */
    private static long mixed(int high, int low) {
        long bits = ((long) high << 32) ^ low;
        bits = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
        bits = (bits ^ (bits >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return bits ^ (bits >>> 33);
    }

    private List<Hot> hot(Collection<Standing> fleet) {
        Map<Hot.Key, Hot> sums = new HashMap<>();
        for (Standing each : fleet) {
            for (Hot chunk : each.hot()) {
                sums.merge(
                        chunk.key(),
                        chunk,
                        (before, more) -> new Hot(before.key(), before.lengthBytes(), before.score() + more.score()));
            }
        }
        return sums.values().stream()
                .sorted(Comparator.comparingDouble(Hot::score)
                        .reversed()
                        .thenComparing(chunk -> chunk.key().id())
                        .thenComparingLong(chunk -> chunk.key().index()))
                .limit(settings.hot())
                .toList();
    }

    private static Set<String> suspects(Collection<Standing> fleet) {
        long edges = fleet.stream().filter(Standing::isEdge).count();
        if (edges < LEAST_EDGES) {
            return Set.of();
        }
        Map<String, Long> open = fleet.stream()
                .filter(Standing::isEdge)
                .flatMap(each -> each.openOrigins().stream())
                .collect(Collectors.groupingBy(origin -> origin, Collectors.counting()));
        return open.entrySet().stream()
                .filter(entry -> entry.getValue() * 2 > edges)
                .map(Map.Entry::getKey)
                .sorted()
                .limit(MOST_ORIGINS)
                .collect(Collectors.toSet());
    }

    private static Set<String> others(Set<String> suspects, Standing each) {
        Set<String> others = new HashSet<>(suspects);
        others.removeAll(each.openOrigins());
        return others;
    }
}
