package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.resolve.StaggeredQuery.Answered;
import io.edgedownload.engine.resolve.StaggeredQuery.ServerPlan;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

/** Which server is asked when, and whose answer counts. */
final class StaggeredQueryTest {
    private static final DnsServer A = DnsServer.parse("192.0.2.1");
    private static final DnsServer B = DnsServer.parse("192.0.2.2");
    private static final DnsServer C = DnsServer.parse("192.0.2.3");
    private static final Answer FOUND = new Answer.Found(List.of(InetAddress.ofLiteral("192.0.2.80")), 60);
    private static final Question QUESTION = new Question(Question.nameOf("a.example"), Family.IPV4);

    private final ManualTicker ticker = new ManualTicker();
    private final List<String> changes = new ArrayList<>();
    private final ServerTable servers =
            new ServerTable(ticker, (server, failing) -> changes.add(server + (failing ? " fails" : " answers")));
    private final List<Asked> asked = new ArrayList<>();

    private record Asked(DnsServer server, long atMillis, Duration left, CompletableFuture<Answer> answer) {}

    private CompletionStage<Answer> ask(DnsServer server, Question question, Name zone, Deadline deadline) {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        asked.add(new Asked(server, millis(), deadline.remaining(), answer));
        return answer;
    }

    @Test
    void theFirstServersAnswerIsEnough() {
        CompletableFuture<Answered> result = query(List.of(A, B), 2);
        ticker.advance(Duration.ofMillis(20));
        asked.getFirst().answer().complete(FOUND);

        assertEquals(new Answered(FOUND, A, Duration.ofMillis(20).toNanos()), result.getNow(null));
        assertEquals(List.of("192.0.2.1 at 0"), log());
        assertEquals(0, ticker.alarms());
    }

    @Test
    void aUselessAnswerSendsTheQuestionOnAtOnce() {
        CompletableFuture<Answered> result = query(List.of(A, B), 1);
        asked.get(0).answer().complete(new Answer.Useless("SERVFAIL"));
        asked.get(1).answer().complete(new Answer.NoData(null));

        assertEquals(List.of("192.0.2.1 at 0", "192.0.2.2 at 0"), log());
        assertEquals(new Answer.NoData(null), result.join().answer());
    }

    @Test
    void silenceSendsTheQuestionOnAndKeepsListening() {
        CompletableFuture<Answered> result = query(List.of(A, B), 1);
        ticker.advance(Duration.ofMillis(400));
        ticker.advance(Duration.ofMillis(50));
        asked.getFirst().answer().complete(FOUND);

        assertEquals(List.of("192.0.2.1 at 0", "192.0.2.2 at 400"), log());
        assertEquals(A, result.join().server());
        assertEquals(List.of("192.0.2.1 fails"), changes);
    }

    @Test
    void theConfiguredTimeoutIsTheLongestPatience() {
        var _ = query(List.of(A, B), 1, Duration.ofMillis(100));
        ticker.advance(Duration.ofMillis(100));

        assertEquals(List.of("192.0.2.1 at 0", "192.0.2.2 at 100"), log());
    }

    @Test
    void asksEachServerSoOftenAndLongerTheSecondTime() {
        var _ = query(List.of(A, B), 2);
        ticker.advance(Duration.ofSeconds(5));

        assertEquals(List.of("192.0.2.1 at 0", "192.0.2.2 at 400", "192.0.2.1 at 800", "192.0.2.2 at 1600"), log());
    }

    @Test
    void givesUpWhenAllHaveFailed() {
        CompletableFuture<Answered> result = query(List.of(A, B), 1);
        asked.get(0).answer().complete(new Answer.Unreachable("port closed"));
        assertFalse(result.isDone());
        asked.get(1).answer().complete(new Answer.Silence());

        assertEquals(new Answer.Silence(), result.join().answer());
    }

    @Test
    void noAttemptHasMoreTimeThanTheWhole() {
        var _ = query(List.of(A, B, C), 1);
        ticker.advance(Duration.ofMillis(900));

        assertEquals(
                List.of(Duration.ofSeconds(3), Duration.ofMillis(2600), Duration.ofMillis(2200)),
                asked.stream().map(Asked::left).toList());
    }

    @Test
    void afterTheDeadlineNobodyElseIsAsked() {
        var _ = query(List.of(A, B), 1, Duration.ofSeconds(10));
        servers.answered(A, Duration.ofSeconds(4).toNanos());
        ticker.advance(Duration.ofSeconds(3));
        asked.getFirst().answer().complete(new Answer.Silence());

        assertTrue(asked.size() <= 2, "asked: " + log());
    }

    @Test
    void aDeadServerIsAskedLastFromThenOn() {
        var _ = query(List.of(A, B), 1);
        ticker.advance(Duration.ofMillis(400));
        asked.get(1).answer().complete(FOUND);
        asked.clear();

        var _ = query(List.of(A, B), 1);

        assertEquals(B, asked.getFirst().server());
        assertEquals(1, asked.size());
    }

    @Test
    void aDeadServerIsCheckedBesideTheOthersAfterAWhile() {
        servers.failed(A);
        var _ = query(List.of(A, B), 1);
        assertEquals(List.of("192.0.2.2 at 0"), log());
        asked.getFirst().answer().complete(FOUND);
        asked.clear();
        ticker.advance(Duration.ofSeconds(1));

        CompletableFuture<Answered> result = query(List.of(A, B), 1);
        assertEquals(List.of(B, A), asked.stream().map(Asked::server).toList());
        var _ = query(List.of(A, B), 1);
        assertEquals(List.of(B, A, B), asked.stream().map(Asked::server).toList(), "one check is enough");
        asked.get(1).answer().complete(FOUND);

        assertFalse(result.isDone(), "nobody waits for the check");
    }

    @Test
    void theFasterServerIsAskedFirst() {
        servers.answered(A, Duration.ofMillis(300).toNanos());
        servers.answered(B, Duration.ofMillis(3).toNanos());

        assertEquals(List.of(B, A), servers.order(List.of(A, B), false).ask());
    }

    @Test
    void amongServersThatAreAlikeTheConfiguredOrderHolds() {
        servers.answered(A, Duration.ofMillis(31).toNanos());
        servers.answered(B, Duration.ofMillis(17).toNanos());

        assertEquals(List.of(A, B), servers.order(List.of(A, B), false).ask());
    }

    @Test
    void rotationBeginsWithAnotherServerEachTime() {
        List<DnsServer> firsts = new ArrayList<>();
        for (int turn = 0; turn < 4; turn++) {
            firsts.add(servers.order(List.of(A, B, C), true).ask().getFirst());
        }

        assertEquals(List.of(A, B, C, A), firsts);
    }

    @Test
    void aSlowServersEstimateIsMeasuredAgainAfterAMinute() {
        servers.answered(A, Duration.ofMillis(1).toNanos());
        servers.answered(B, Duration.ofMillis(300).toNanos());
        assertEquals(List.of(), servers.order(List.of(A, B), false).beside());

        ticker.advance(Duration.ofSeconds(60));

        assertEquals(List.of(B), servers.order(List.of(A, B), false).beside());
        assertEquals(List.of(), servers.order(List.of(A, B), false).beside());
    }

    @Test
    void patienceFollowsTheServersUsualLatency() {
        for (int answer = 0; answer < 50; answer++) {
            servers.answered(A, Duration.ofMillis(500).toNanos());
            servers.answered(B, Duration.ofMillis(1).toNanos());
        }
        long most = Duration.ofSeconds(5).toNanos();

        assertEquals(
                500.0, (double) Duration.ofNanos(servers.patienceNanos(A, most)).toMillis(), 10.0);
        assertEquals(200, Duration.ofNanos(servers.patienceNanos(B, most)).toMillis());
        assertEquals(400, Duration.ofNanos(servers.patienceNanos(C, most)).toMillis());
    }

    @Test
    void ednsIsTriedAgainAfterAQuarterOfAnHour() {
        servers.doesNotKnowEdns(A);
        assertFalse(servers.knowsEdns(A));
        assertTrue(servers.knowsEdns(B));

        ticker.advance(Duration.ofMinutes(15));

        assertTrue(servers.knowsEdns(A));
    }

    private CompletableFuture<Answered> query(List<DnsServer> configured, int attempts) {
        return query(configured, attempts, Duration.ofSeconds(5));
    }

    private CompletableFuture<Answered> query(List<DnsServer> configured, int attempts, Duration timeout) {
        ServerPlan plan = ServerPlan.of(Name.root, servers.order(configured, false), attempts, timeout);
        return StaggeredQuery.ask(
                        this::ask, servers, ticker, plan, QUESTION, Deadline.after(Duration.ofSeconds(3), ticker))
                .toCompletableFuture();
    }

    private List<String> log() {
        return asked.stream().map(one -> one.server() + " at " + one.atMillis()).toList();
    }

    private long millis() {
        return Duration.ofNanos(ticker.nanos()).toMillis();
    }
}
