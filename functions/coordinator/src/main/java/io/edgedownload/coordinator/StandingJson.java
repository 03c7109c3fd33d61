package io.edgedownload.coordinator;

import io.edgedownload.coordinator.Standing.Capacity;
import io.edgedownload.coordinator.Standing.Events;
import io.edgedownload.coordinator.Standing.Figures;
import io.edgedownload.coordinator.Standing.Hot;
import io.edgedownload.coordinator.Standing.Told;
import io.edgedownload.fleet.v1.Condition;
import io.edgedownload.fleet.v1.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A standing as it is kept in etcd, and shown. */
final class StandingJson {
    private StandingJson() {}

    /** All of it. */
    static JsonObject stored(Standing standing) {
        JsonArray hot = new JsonArray();
        for (Hot chunk : standing.hot()) {
            Hot.Key key = chunk.key();
            hot.add(new JsonArray()
                    .add(key.id())
                    .add(key.generation())
                    .add(key.index())
                    .add(key.sizeBytes())
                    .add(chunk.lengthBytes())
                    .add(chunk.score()));
        }
        return shown(standing).put("session", standing.session()).put("hot", hot);
    }

    /** What operators want to see. */
    static JsonObject shown(Standing standing) {
        return new JsonObject()
                .put("instance", standing.instance())
                .put("role", word(standing.role()))
                .put("zone", standing.zone())
                .put("version", standing.version())
                .put("coordinator", standing.coordinator())
                .put("joined", standing.joinedMillis())
                .put("capacity", capacity(standing.capacity()))
                .put("figures", figures(standing.figures()))
                .put(
                        "conditions",
                        new JsonArray(standing.conditions().stream()
                                .map(StandingJson::word)
                                .sorted()
                                .toList()))
                .put("openOrigins", new JsonArray(List.copyOf(new TreeSet<>(standing.openOrigins()))))
                .put("events", events(standing.events()));
    }

    private static JsonObject capacity(Capacity capacity) {
        return new JsonObject()
                .put("surgeEgressBytesPerSecond", capacity.surgeEgress())
                .put("memoryBytes", capacity.memory())
                .put("diskBytes", capacity.disk())
                .put("inFlightBytes", capacity.inFlight());
    }

    private static JsonObject figures(Figures figures) {
        return new JsonObject()
                .put("memoryUsedBytes", figures.memoryUsed())
                .put("diskUsedBytes", figures.diskUsed())
                .put("memoryHits", figures.memoryHits())
                .put("diskHits", figures.diskHits())
                .put("misses", figures.misses())
                .put("inFlightBytes", figures.inFlight());
    }

    private static JsonObject events(Events events) {
        JsonArray recent = new JsonArray();
        for (Told told : events.recent()) {
            recent.add(new JsonObject()
                    .put("sequence", told.sequence())
                    .put("kind", told.kind())
                    .put("at", told.atMillis())
                    .put("subject", told.subject())
                    .put("detail", told.detail())
                    .put("trace", told.trace()));
        }
        return new JsonObject()
                .put("last", events.last())
                .put("counts", new JsonObject(new HashMap<>(events.counts())))
                .put("recent", recent);
    }

    /** @return null when it is no standing, by whomever it was stored */
    static @Nullable Standing read(String text) {
        try {
            return read(new JsonObject(text));
        } catch (RuntimeException nonsense) {
            return null;
        }
    }

    private static Standing read(JsonObject json) {
        JsonObject capacity = json.getJsonObject("capacity");
        JsonObject figures = json.getJsonObject("figures");
        return new Standing(
                json.getString("instance"),
                constant(Role.values(), json.getString("role")),
                json.getString("zone"),
                json.getString("version"),
                json.getString("coordinator"),
                json.getLong("session"),
                json.getLong("joined"),
                new Capacity(
                        capacity.getLong("surgeEgressBytesPerSecond"),
                        capacity.getLong("memoryBytes"),
                        capacity.getLong("diskBytes"),
                        capacity.getLong("inFlightBytes")),
                new Figures(
                        figures.getLong("memoryUsedBytes"),
                        figures.getLong("diskUsedBytes"),
                        figures.getLong("memoryHits"),
                        figures.getLong("diskHits"),
                        figures.getLong("misses"),
                        figures.getLong("inFlightBytes")),
                set(json.getJsonArray("conditions"), word -> constant(Condition.values(), word)),
                set(json.getJsonArray("openOrigins"), origin -> origin),
                hot(json.getJsonArray("hot")),
                events(json.getJsonObject("events")));
    }

    private static List<Hot> hot(JsonArray array) {
        List<Hot> hot = new ArrayList<>();
        for (int at = 0; at < array.size(); at++) {
            JsonArray each = array.getJsonArray(at);
            hot.add(new Hot(
                    new Hot.Key(each.getString(0), each.getString(1), each.getLong(2), each.getInteger(3)),
                    each.getInteger(4),
                    each.getDouble(5)));
        }
        return hot;
    }

    private static Events events(JsonObject json) {
        Map<String, Long> counts = new HashMap<>();
        JsonObject counted = json.getJsonObject("counts");
        counted.fieldNames().forEach(kind -> counts.put(kind, counted.getLong(kind)));
        List<Told> recent = new ArrayList<>();
        JsonArray told = json.getJsonArray("recent");
        for (int at = 0; at < told.size(); at++) {
            JsonObject each = told.getJsonObject(at);
            recent.add(new Told(
                    each.getLong("sequence"),
                    each.getString("kind"),
                    each.getLong("at"),
                    each.getString("subject"),
                    each.getString("detail"),
                    // Not there in what an earlier version stored.
                    each.getString("trace", "")));
        }
        return new Events(json.getLong("last"), counts, recent);
    }

    private static <T> Set<T> set(JsonArray array, Function<String, T> element) {
        return array.stream().map(each -> element.apply((String) each)).collect(Collectors.toSet());
    }

    private static <E extends Enum<E>> E constant(E[] all, String word) {
        for (E each : all) {
            if (word(each).equals(word)) {
                return each;
            }
        }
        throw new IllegalArgumentException(word);
    }

    /** {@code surge} of {@code CONDITION_SURGE}: without what the style of protocol buffers puts before it. */
    static String word(Enum<?> constant) {
        String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        for (String prefix : List.of("condition-", "role-", "event-kind-")) {
            if (name.startsWith(prefix)) {
                return name.substring(prefix.length());
            }
        }
        return name;
    }
}
