package io.edgedownload.engine.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.engine.connect.StaggeredConnect.Outcome;
import io.edgedownload.engine.time.ManualTicker;
import java.net.ConnectException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Races whose attempts end when the test says so, on a clock that it moves; what happened when is the event log. */
final class StaggeredConnectTest {
    private final ManualTicker clock = new ManualTicker();
    private final long startNanos = clock.nanos();
    private final List<String> events = new ArrayList<>();
    private final Map<String, CompletableFuture<String>> attempts = new HashMap<>();

    @Test
    void theFirstThatConnectsInTimeIsTheOnlyAttempt() {
        race("192.0.2.1", "192.0.2.2");
        advance(249);
        connect("192.0.2.1");
        advance(1_000);
        assertEvents("0 start 192.0.2.1", "249 won 192.0.2.1");
        assertEquals(0, clock.alarms());
    }

    @Test
    void theNextAttemptStartsAfterTheDelay() {
        race("192.0.2.1", "192.0.2.2", "192.0.2.3");
        advance(600);
        connect("192.0.2.3");
        assertEvents("0 start 192.0.2.1", "250 start 192.0.2.2", "500 start 192.0.2.3", "600 won 192.0.2.3");
    }

    @Test
    void theNextAttemptStartsAtOnceWhenOneFailed() {
        race("192.0.2.1", "192.0.2.2", "192.0.2.3");
        advance(10);
        fail("192.0.2.1");
        advance(250);
        connect("192.0.2.2");
        assertEvents(
                "0 start 192.0.2.1",
                "10 failed 192.0.2.1",
                "10 start 192.0.2.2",
                "260 start 192.0.2.3",
                "260 won 192.0.2.2");
    }

    @Test
    void aLoserThatConnectsLaterIsSurplus() {
        race("192.0.2.1", "192.0.2.2");
        advance(300);
        connect("192.0.2.2");
        advance(100);
        connect("192.0.2.1");
        assertEvents("0 start 192.0.2.1", "250 start 192.0.2.2", "300 won 192.0.2.2", "400 surplus 192.0.2.1");
    }

    @Test
    void aLoserThatFailsLaterChangesNothing() {
        race("192.0.2.1", "192.0.2.2", "192.0.2.3");
        advance(300);
        connect("192.0.2.2");
        fail("192.0.2.1");
        advance(1_000);
        assertEvents("0 start 192.0.2.1", "250 start 192.0.2.2", "300 won 192.0.2.2", "300 failed 192.0.2.1");
    }

    @Test
    void theRaceIsLostWhenEveryAttemptFailed() {
        race("192.0.2.1", "192.0.2.2");
        advance(250);
        fail("192.0.2.2");
        advance(10);
        fail("192.0.2.1");
        assertEvents(
                "0 start 192.0.2.1",
                "250 start 192.0.2.2",
                "250 failed 192.0.2.2",
                "260 failed 192.0.2.1",
                "260 lost: 192.0.2.1 refused");
        assertEquals(0, clock.alarms());
    }

    @Test
    void afterTheCallerLeftNothingStartsAndWhatConnectsIsSurplus() {
        StaggeredConnect<String> race = race("192.0.2.1", "192.0.2.2");
        advance(100);
        race.abandon();
        advance(1_000);
        connect("192.0.2.1");
        assertEvents("0 start 192.0.2.1", "1100 surplus 192.0.2.1");
    }

    @Test
    void theWinnerOfACallerThatLeftIsSurplus() {
        StaggeredConnect<String> race = race("192.0.2.1");
        connect("192.0.2.1");
        race.abandon();
        assertEvents("0 start 192.0.2.1", "0 won 192.0.2.1", "0 surplus 192.0.2.1");
    }

    @Test
    void attemptsThatFailAtOnceLeadToTheNextAtOnce() {
        attempts.put("192.0.2.1", CompletableFuture.failedFuture(new ConnectException("192.0.2.1 refused")));
        attempts.put("192.0.2.2", CompletableFuture.completedFuture("192.0.2.2"));
        race("192.0.2.1", "192.0.2.2", "192.0.2.3");
        advance(1_000);
        assertEvents("0 start 192.0.2.1", "0 start 192.0.2.2", "0 won 192.0.2.2");
    }

    private StaggeredConnect<String> race(String... addresses) {
        var race = new StaggeredConnect<>(
                Stream.of(addresses).map(InetAddress::ofLiteral).toList(), new Script(), clock, Duration.ofMillis(250));
        var _ = race.run()
                .thenAccept(outcome -> log(
                        switch (outcome) {
                            case Outcome.Won<String>(InetAddress address, String connection) -> "won " + connection;
                            case Outcome.Lost<String>(Throwable last) -> "lost: " + last.getMessage();
                        }));
        return race;
    }

    private final class Script implements StaggeredConnect.Attempts<String> {
        @Override
        public CompletionStage<String> start(InetAddress address) {
            log("start " + address.getHostAddress());
            attempts.putIfAbsent(address.getHostAddress(), new CompletableFuture<>());
            return attempt(address.getHostAddress());
        }

        @Override
        public void surplus(String connection) {
            log("surplus " + connection);
        }
    }

    private void connect(String address) {
        attempt(address).complete(address);
    }

    private void fail(String address) {
        log("failed " + address);
        attempt(address).completeExceptionally(new ConnectException(address + " refused"));
    }

    private CompletableFuture<String> attempt(String address) {
        return Objects.requireNonNull(attempts.get(address));
    }

    private void advance(long millis) {
        clock.advance(Duration.ofMillis(millis));
    }

    private void log(String event) {
        events.add((clock.nanos() - startNanos) / 1_000_000 + " " + event);
    }

    private void assertEvents(String... expected) {
        assertEquals(List.of(expected), events);
    }
}
