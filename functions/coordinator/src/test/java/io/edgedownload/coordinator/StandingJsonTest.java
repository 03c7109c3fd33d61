package io.edgedownload.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.edgedownload.coordinator.Standing.Capacity;
import io.edgedownload.coordinator.Standing.Events;
import io.edgedownload.coordinator.Standing.Figures;
import io.edgedownload.coordinator.Standing.Hot;
import io.edgedownload.coordinator.Standing.Told;
import io.edgedownload.fleet.v1.Condition;
import io.edgedownload.fleet.v1.Role;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StandingJsonTest {
    @Test
    void aStandingIsReadAsItWasStored() {
        Standing standing = new Standing(
                "i",
                Role.ROLE_NODE_GUARD,
                "north",
                "1",
                "one",
                3,
                1_700_000_000_000L,
                new Capacity(1, 2, 3, 4),
                new Figures(1, 2, 3, 4, 5, 6),
                Set.of(Condition.CONDITION_SURGE, Condition.CONDITION_DEGRADED),
                Set.of("http://a:80", "http://b:80"),
                List.of(new Hot(new Hot.Key("a/file", "g", 7, 65_536), 100, 1.5)),
                new Events(9, Map.of("surge-began", 9L), List.of(new Told(9, "surge-began", 5, "s", "d", "t"))));
        assertEquals(standing, StandingJson.read(StandingJson.stored(standing).encode()));
    }

    @Test
    void aStandingOfAnEarlierVersionIsRead() {
        Standing standing = new Standing(
                "i",
                Role.ROLE_EDGE,
                "",
                "1",
                "one",
                1,
                1,
                new Capacity(1, 2, 3, 4),
                Figures.NONE,
                Set.of(),
                Set.of(),
                List.of(),
                new Events(1, Map.of("surge-began", 1L), List.of(new Told(1, "surge-began", 5, "s", "d", ""))));
        String stored = StandingJson.stored(standing).encode();
        String earlier = stored.replace(",\"trace\":\"\"", "");
        assertNotEquals(stored, earlier);
        assertEquals(standing, StandingJson.read(earlier));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"instance\":\"i\"}", "{\"instance\":7}"})
    void whatIsNoStandingIsNone(String text) {
        assertNull(StandingJson.read(text));
    }
}
