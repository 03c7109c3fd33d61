package io.edgedownload.coordinator;

import io.edgedownload.fleet.v1.Condition;
import io.edgedownload.fleet.v1.Role;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What is known of one instance.
 *
 * @param instance its name
 * @param coordinator who has its stream
 * @param session counts its streams: of two standings the one with the higher session is right
 * @param joinedMillis when it was first heard of, in milliseconds since 1970
 * @param openOrigins those whose breaker is open there
 * @param hot what is asked for most there, the hottest first
 * @param events what it told
 */
record Standing(
        String instance,
        Role role,
        String zone,
        String version,
        String coordinator,
        long session,
        long joinedMillis,
        Capacity capacity,
        Figures figures,
        Set<Condition> conditions,
        Set<String> openOrigins,
        List<Hot> hot,
        Events events) {
    Standing {
        conditions = Set.copyOf(conditions);
        openOrigins = Set.copyOf(openOrigins);
        hot = List.copyOf(hot);
    }

    /**
     * What it can bear, in bytes.
     *
     * @param surgeEgress a second, 0 when it does not say
     * @param disk 0 without one
     */
    record Capacity(long surgeEgress, long memory, long disk, long inFlight) {}

    /** How it was last, in bytes and chunks since its start. */
    record Figures(long memoryUsed, long diskUsed, long memoryHits, long diskHits, long misses, long inFlight) {
        static final Figures NONE = new Figures(0, 0, 0, 0, 0, 0);
    }

    /** One chunk that is asked for. */
    record Hot(Key key, int lengthBytes, double score) {
        /** What tells it from all others. */
        record Key(String id, String generation, long index, int sizeBytes) {}
    }

    /**
     * What it told.
     *
     * @param last the number of the last one
     * @param counts by their kinds
     * @param recent the last few, oldest first
     */
    record Events(long last, Map<String, Long> counts, List<Told> recent) {
        static final Events NONE = new Events(0, Map.of(), List.of());

        Events {
            counts = Map.copyOf(counts);
            recent = List.copyOf(recent);
        }
    }

    /**
     * One event, in words for people.
     *
     * @param trace the id of the trace that it is part of; empty for none
     */
    record Told(long sequence, String kind, long atMillis, String subject, String detail, String trace) {}

    boolean isEdge() {
        return role != Role.ROLE_NODE_GUARD;
    }

    /** Whether nothing is wrong with it. */
    boolean isCalm() {
        return conditions.isEmpty();
    }

    /** Whether its network is overloaded. */
    boolean isOverloaded() {
        return conditions.contains(Condition.CONDITION_SURGE) || conditions.contains(Condition.CONDITION_RETRANSMITS);
    }

    /** As it stood on an earlier stream or at another coordinator. */
    Standing continuing(Standing before) {
        return new Standing(
                instance,
                role,
                zone,
                version,
                coordinator,
                session,
                before.joinedMillis,
                capacity,
                before.figures,
                before.conditions,
                before.openOrigins,
                before.hot,
                before.events);
    }

    Standing with(Figures now, Set<Condition> wrong, Set<String> open, List<Hot> hottest) {
        return new Standing(
                instance,
                role,
                zone,
                version,
                coordinator,
                session,
                joinedMillis,
                capacity,
                now,
                wrong,
                open,
                hottest,
                events);
    }

    Standing with(Events told) {
        return new Standing(
                instance,
                role,
                zone,
                version,
                coordinator,
                session,
                joinedMillis,
                capacity,
                figures,
                conditions,
                openOrigins,
                hot,
                told);
    }

    /** Whether orders follow from it that do not follow from the other. */
    boolean differsFrom(Standing other) {
        return !conditions.equals(other.conditions)
                || !openOrigins.equals(other.openOrigins)
                || events.last() != other.events.last()
                || !keys().equals(other.keys());
    }

    private Set<Hot.Key> keys() {
        return Set.copyOf(hot.stream().map(Hot::key).toList());
    }
}
