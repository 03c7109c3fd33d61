package io.edgedownload.coordinator;

import io.edgedownload.coordinator.Standing.Capacity;
import io.edgedownload.coordinator.Standing.Events;
import io.edgedownload.coordinator.Standing.Figures;
import io.edgedownload.coordinator.Standing.Hot;
import io.edgedownload.coordinator.Standing.Told;
import io.edgedownload.fleet.v1.Breaker;
import io.edgedownload.fleet.v1.BreakerState;
import io.edgedownload.fleet.v1.Chunk;
import io.edgedownload.fleet.v1.Condition;
import io.edgedownload.fleet.v1.Event;
import io.edgedownload.fleet.v1.Heartbeat;
import io.edgedownload.fleet.v1.Hello;
import io.edgedownload.fleet.v1.Limits;
import io.edgedownload.fleet.v1.Role;
import io.edgedownload.fleet.v1.Traffic;
import io.edgedownload.tracing.Traceparent;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes standings of reports, and holds these to the bounds in {@code fleet.proto}: each method throws IllegalArgumentException. */
final class Reports {
    private static final int MOST_CHARACTERS = 300;
    private static final int MOST_BREAKERS = 64;
    private static final int MOST_HOT = 50;
    private static final int MOST_RECENT = 8;

    private Reports() {}

    /** @param nowMillis since 1970 */
    static Standing hello(Hello hello, String coordinator, long nowMillis) {
        require(hello.getInstance().matches("[A-Za-z0-9._-]{1,64}"), "instance");
        require(hello.getSession() > 0, "session");
        Limits limits = hello.getLimits();
        return new Standing(
                hello.getInstance(),
                hello.getRole() == Role.ROLE_NODE_GUARD ? Role.ROLE_NODE_GUARD : Role.ROLE_EDGE,
                word(hello.getZone(), "zone"),
                word(hello.getVersion(), "version"),
                coordinator,
                hello.getSession(),
                nowMillis,
                new Capacity(
                        count(limits.getSurgeEgressBytesPerSecond(), "surge_egress_bytes_per_second"),
                        count(limits.getMemoryBytes(), "memory_bytes"),
                        count(limits.getDiskBytes(), "disk_bytes"),
                        count(limits.getInFlightBytes(), "in_flight_bytes")),
                Figures.NONE,
                Set.of(),
                Set.of(),
                List.of(),
                Events.NONE);
    }

    static Standing heartbeat(Standing before, Heartbeat heartbeat) {
        require(heartbeat.getBreakersCount() <= MOST_BREAKERS, "breakers");
        require(heartbeat.getHotCount() <= MOST_HOT, "hot");
        require(heartbeat.getConditionsCount() <= Condition.values().length, "conditions");
        Set<Condition> conditions = EnumSet.noneOf(Condition.class);
        conditions.addAll(heartbeat.getConditionsList());
        conditions.remove(Condition.CONDITION_UNSPECIFIED);
        conditions.remove(Condition.UNRECOGNIZED);
        Set<String> open = heartbeat.getBreakersList().stream()
                .filter(breaker -> breaker.getState() == BreakerState.BREAKER_STATE_OPEN)
                .map(Breaker::getOrigin)
                .map(origin -> word(origin, "origin"))
                .collect(Collectors.toSet());
        return before.with(
                new Figures(
                        count(heartbeat.getMemoryUsedBytes(), "memory_used_bytes"),
                        count(heartbeat.getDiskUsedBytes(), "disk_used_bytes"),
                        count(heartbeat.getMemoryHits(), "memory_hits"),
                        count(heartbeat.getDiskHits(), "disk_hits"),
                        count(heartbeat.getMisses(), "misses"),
                        count(heartbeat.getInFlightBytes(), "in_flight_bytes")),
                conditions,
                open,
                heartbeat.getHotList().stream().map(Reports::hot).toList());
    }

    private static Hot hot(Chunk chunk) {
        require(!chunk.getId().isEmpty() && chunk.getSizeBytes() > 0 && chunk.getLengthBytes() > 0, "hot");
        require(chunk.getScore() >= 0 && chunk.getScore() < 1e12, "score");
        return new Hot(
                new Hot.Key(
                        word(chunk.getId(), "id"),
                        word(chunk.getGeneration(), "generation"),
                        count(chunk.getIndex(), "index"),
                        chunk.getSizeBytes()),
                chunk.getLengthBytes(),
                chunk.getScore());
    }

    static Chunk chunk(Hot hot) {
        return Chunk.newBuilder()
                .setId(hot.key().id())
                .setGeneration(hot.key().generation())
                .setIndex(hot.key().index())
                .setSizeBytes(hot.key().sizeBytes())
                .setLengthBytes(hot.lengthBytes())
                .setScore(hot.score())
                .build();
    }

    /** The same standing when the event was counted before. */
    static Standing event(Standing before, Event event) {
        String subject = word(event.getSubject(), "subject");
        Events told = before.events();
        if (count(event.getSequence(), "sequence") <= told.last()) {
            return before;
        }
        String kind = StandingJson.word(event.getKind());
        Map<String, Long> counts = new HashMap<>(told.counts());
        counts.merge(kind, 1L, Long::sum);
        List<Told> recent = new ArrayList<>(told.recent());
        if (recent.size() == MOST_RECENT) {
            recent.removeFirst();
        }
        recent.add(new Told(
                event.getSequence(),
                kind,
                event.getAtEpochMillis(),
                subject,
                event.hasTraffic() ? traffic(event.getTraffic()) : "",
                trace(event)));
        return before.with(new Events(event.getSequence(), counts, recent));
    }

    private static String trace(Event event) {
        SpanContext place = Span.fromContext(Traceparent.read(word(event.getTraceparent(), "traceparent")))
                .getSpanContext();
        return place.isValid() ? place.getTraceId() : "";
    }

    private static String traffic(Traffic traffic) {
        return traffic.getEstablished() + " established, " + traffic.getSegmentsRetransmitted() + " of "
                + traffic.getSegmentsSent() + " segments sent again in " + traffic.getWindowMillis() + " ms";
    }

    private static String word(String text, String field) {
        require(text.length() <= MOST_CHARACTERS && text.chars().noneMatch(Character::isISOControl), field);
        return text;
    }

    /** What is over the half of 64 bits is no count of anything. */
    private static long count(long unsigned, String field) {
        require(unsigned >= 0, field);
        return unsigned;
    }

    private static void require(boolean holds, String field) {
        if (!holds) {
            throw new IllegalArgumentException(field + " is not as fleet.proto says");
        }
    }
}
