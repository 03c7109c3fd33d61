package io.edgedownload.engine.resolve;

import static io.edgedownload.engine.resolve.WiredResolver.addresses;
import static io.edgedownload.engine.resolve.WiredResolver.answered;
import static io.edgedownload.engine.resolve.WiredResolver.literals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.resolve.Resolver.Denial;
import io.edgedownload.engine.resolve.Resolver.Resolution;
import io.edgedownload.engine.resolve.WiredResolver.Tries;
import io.edgedownload.fixtures.Gate;
import io.edgedownload.fixtures.dns.DnsFault;
import io.edgedownload.fixtures.dns.FaultDns;
import io.edgedownload.fixtures.dns.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** Names resolved by real questions to real name servers, two of them where one goes wrong. */
final class WiredResolverTest {
    private static final String WWW = "www.example.test";
    private static final Duration TTL = Duration.ofSeconds(60);
    private static final List<InetAddress> BOTH = literals("192.0.2.1", "2001:db8::1");

    private final FaultDns first;
    private final FaultDns second;

    WiredResolverTest() throws IOException {
        first = FaultDns.start().host(WWW, TTL, "192.0.2.1", "2001:db8::1");
        second = FaultDns.start().host(WWW, TTL, "192.0.2.1", "2001:db8::1");
    }

    @AfterEach
    void stop() throws IOException {
        first.close();
        second.close();
    }

    @Test
    void bothFamiliesAreAskedForAtOnceAndIpv4ComesFirst() throws Exception {
        WiredResolver resolver = WiredResolver.asking(first);

        assertEquals(BOTH, addresses(resolver.resolve(WWW)));
        assertEquals(1, first.questions(WWW, Type.A).size());
        assertEquals(1, first.questions(WWW, Type.AAAA).size());
    }

    @Test
    void whenTheIpv4AnswerIsLostTheOtherIsEnough() throws Exception {
        first.on(WWW, Type.A).always(new DnsFault.Drop());
        WiredResolver resolver = WiredResolver.asking(first);

        CompletableFuture<Resolution> answer = resolver.ask(WWW);
        resolver.awaitAlarm(WiredResolver.RESOLUTION_DELAY, 1);
        resolver.ticker.advance(WiredResolver.RESOLUTION_DELAY);

        assertEquals(literals("2001:db8::1"), addresses(answered(answer)));
    }

    @Test
    void whenTheIpv6AnswerIsLostTheOtherIsEnough() throws Exception {
        first.on(WWW, Type.AAAA).always(new DnsFault.Drop());
        WiredResolver resolver = WiredResolver.asking(first);

        CompletableFuture<Resolution> answer = resolver.ask(WWW);
        resolver.awaitAlarm(WiredResolver.RESOLUTION_DELAY, 1);
        resolver.ticker.advance(WiredResolver.RESOLUTION_DELAY);

        assertEquals(literals("192.0.2.1"), addresses(answered(answer)));
    }

    @Test
    void aLateIpv6AnswerJoinsTheFirst() throws Exception {
        Gate gate = new Gate();
        first.on(WWW, Type.AAAA).next(new DnsFault.Held(gate));
        WiredResolver resolver = WiredResolver.asking(first);

        CompletableFuture<Resolution> answer = resolver.ask(WWW);
        resolver.awaitAlarm(WiredResolver.RESOLUTION_DELAY, 1);
        resolver.ticker.advance(WiredResolver.RESOLUTION_DELAY);
        assertEquals(literals("192.0.2.1"), addresses(answered(answer)));

        gate.open();
        assertEquals(
                List.of(new AddressesChanged(WWW, Set.copyOf(literals("2001:db8::1")), Set.of())),
                resolver.changes.await("changes", 1, _ -> true));
        assertEquals(BOTH, addresses(resolver.resolve(WWW)));
    }

    @Test
    void aLostQuestionGoesToTheNextServer() throws Exception {
        first.onAny().always(new DnsFault.Drop());
        WiredResolver resolver = WiredResolver.asking(first, second);

        CompletableFuture<Resolution> answer = resolver.ask(WWW);
        first.awaitQuestion(2);
        resolver.ticker.advance(WiredResolver.PATIENCE);

        assertEquals(BOTH, addresses(answered(answer)));
    }

    @Test
    void aServerThatHasNoUseForTheQuestionIsFollowedByTheNextAtOnce() throws Exception {
        for (DnsFault useless : List.of(
                new DnsFault.ResponseCode(Rcode.SERVFAIL),
                new DnsFault.ResponseCode(Rcode.REFUSED),
                new DnsFault.ResponseCode(Rcode.NOTIMP),
                new DnsFault.LameReferral())) {
            first.heal();
            first.onAny().always(useless);
            assertEquals(BOTH, addresses(WiredResolver.asking(first, second).resolve(WWW)), () -> "after " + useless);
        }
    }

    @Test
    void aServerThatIsNotThereIsFollowedByTheNextAtOnce() throws Exception {
        first.close();

        assertEquals(BOTH, addresses(WiredResolver.asking(first, second).resolve(WWW)));
    }

    @Test
    void connectionsThatBreakOffAreFollowedByTheNextServerAtOnce() throws Exception {
        for (DnsFault broken :
                List.of(new DnsFault.TcpClose(), new DnsFault.TcpReset(), new DnsFault.TcpWrongLength(7))) {
            first.heal();
            first.onAny().always(new DnsFault.Truncate());
            first.onAny().always(broken);
            assertEquals(BOTH, addresses(WiredResolver.asking(first, second).resolve(WWW)), () -> "after " + broken);
        }
    }

    @Test
    void connectionsThatHangAreFollowedByTheNextServerAfterAWhile() throws Exception {
        for (DnsFault hanging : List.of(new DnsFault.TcpStall(5), new DnsFault.TcpTrickle(Duration.ofHours(1)))) {
            first.heal();
            first.onAny().always(new DnsFault.Truncate());
            first.onAny().always(hanging);
            int before = first.questions().size();
            WiredResolver resolver = WiredResolver.asking(first, second);

            CompletableFuture<Resolution> answer = resolver.ask(WWW);
            // Each family over UDP and then over TCP.
            first.awaitQuestion(before + 4);
            resolver.ticker.advance(WiredResolver.PATIENCE);

            assertEquals(BOTH, addresses(answered(answer)), () -> "after " + hanging);
        }
    }

    @Test
    void aNameThatNoServerCanAnswerFails() throws Exception {
        first.onAny().always(new DnsFault.ResponseCode(Rcode.SERVFAIL));
        second.onAny().always(new DnsFault.ResponseCode(Rcode.SERVFAIL));

        Resolution.Failed failed = assertInstanceOf(
                Resolution.Failed.class, WiredResolver.asking(first, second).resolve(WWW));
        assertTrue(failed.reason().contains("SERVFAIL"), failed::reason);
        assertEquals(2, first.questions(WWW, Type.A).size(), "each server is asked twice");
        assertEquals(2, second.questions(WWW, Type.A).size(), "each server is asked twice");
    }

    @Test
    void aNameThatEveryServerIsSilentAboutFails() throws Exception {
        first.onAny().always(new DnsFault.Drop());
        WiredResolver resolver = new WiredResolver(List.of(first), Map.of(), Tries.FEW_AND_SHORT);

        assertInstanceOf(Resolution.Failed.class, resolver.resolve(WWW));
    }

    @Test
    void brokenConnectionsToTheOnlyServerFail() throws Exception {
        for (DnsFault broken : List.of(new DnsFault.TcpReset(), new DnsFault.TcpStall(2))) {
            first.heal();
            first.onAny().always(new DnsFault.Truncate());
            first.onAny().always(broken);
            WiredResolver resolver = new WiredResolver(List.of(first), Map.of(), Tries.FEW_AND_SHORT);
            assertInstanceOf(Resolution.Failed.class, resolver.resolve(WWW), () -> "after " + broken);
        }
    }

    @Test
    void whoAsksWaitsNoLongerThanTheDeadline() throws Exception {
        first.onAny().always(new DnsFault.Drop());
        WiredResolver resolver = WiredResolver.asking(first);

        CompletableFuture<Resolution> answer = resolver.ask(WWW);
        resolver.ticker.advance(WiredResolver.BUDGET);

        assertInstanceOf(Resolution.TimedOut.class, answered(answer));
    }

    @Test
    void aDenialHoldsLongerWithTheZonesWordForIt() throws Exception {
        WiredResolver resolver = WiredResolver.asking(first);
        assertEquals(new Held(Denial.NXDOMAIN, Duration.ofSeconds(5)), held(resolver, "no.example.test"));

        first.soa("example.test", Duration.ofSeconds(300), Duration.ofSeconds(40));
        assertEquals(new Held(Denial.NXDOMAIN, Duration.ofSeconds(30)), held(resolver, "none.example.test"));

        first.onAny().always(new DnsFault.NoData());
        assertEquals(new Held(Denial.NODATA, Duration.ofSeconds(30)), held(resolver, "bare.example.test"));
    }

    private record Held(Denial denial, Duration ttl) {}

    private static Held held(WiredResolver resolver, String host) throws Exception {
        Resolution.NoAddress none = assertInstanceOf(Resolution.NoAddress.class, resolver.resolve(host));
        return new Held(none.denial(), Duration.ofNanos(none.provenance().untilNanos() - resolver.ticker.nanos()));
    }

    @Test
    void eightAliasesAreFollowedAndNineAreNot() throws Exception {
        for (int link = 1; link <= 9; link++) {
            String target = link == 1 ? WWW : "alias" + (link - 1) + ".example.test";
            first.alias("alias" + link + ".example.test", TTL, target);
        }
        WiredResolver resolver = WiredResolver.asking(first);

        assertEquals(BOTH, addresses(resolver.resolve("alias8.example.test")));
        assertInstanceOf(Resolution.Failed.class, resolver.resolve("alias9.example.test"));
    }

    @Test
    void bareAliasesAreAskedForOneByOneUpToTheSameNumber() throws Exception {
        for (int link = 1; link <= 9; link++) {
            String target = link == 1 ? WWW : "bare" + (link - 1) + ".example.test";
            first.bareAlias("bare" + link + ".example.test", TTL, target);
        }
        WiredResolver resolver = WiredResolver.asking(first);

        assertEquals(BOTH, addresses(resolver.resolve("bare8.example.test")));
        assertEquals(18, first.questions().size(), "nine names in two families");
        assertInstanceOf(Resolution.Failed.class, resolver.resolve("bare9.example.test"));
    }

    @Test
    void aCircleOfAliasesIsLeft() throws Exception {
        first.alias("here.example.test", TTL, "there.example.test")
                .alias("there.example.test", TTL, "here.example.test");
        first.bareAlias("this.example.test", TTL, "that.example.test")
                .bareAlias("that.example.test", TTL, "this.example.test");
        WiredResolver resolver = WiredResolver.asking(first);

        assertInstanceOf(Resolution.Failed.class, resolver.resolve("here.example.test"));
        assertInstanceOf(Resolution.Failed.class, resolver.resolve("this.example.test"));
    }

    @Test
    void anAliasOutOfAStubDomainIsAskedOfTheOtherServers() throws Exception {
        FaultDns stub = first;
        stub.host(WWW, TTL, "203.0.113.66", "2001:db8:bad::66").alias("a.cluster.test", TTL, WWW);
        WiredResolver resolver = new WiredResolver(List.of(second), Map.of("cluster.test", stub), Tries.DEFAULT);

        assertEquals(BOTH, addresses(resolver.resolve("a.cluster.test")));
        assertTrue(stub.questions().stream().allMatch(asked -> asked.isFor("a.cluster.test")));
        assertTrue(second.questions().stream().allMatch(asked -> asked.isFor(WWW)));
    }

    @Test
    void anAliasWithinAStubDomainIsAnsweredByItsServer() throws Exception {
        first.host("b.cluster.test", TTL, "192.0.2.7").alias("a.cluster.test", TTL, "b.cluster.test");
        WiredResolver resolver = new WiredResolver(List.of(second), Map.of("cluster.test", first), Tries.DEFAULT);

        assertEquals(literals("192.0.2.7"), addresses(resolver.resolve("a.cluster.test")));
        assertEquals(List.of(), second.questions());
    }

    @Test
    void whatAnAnswerSaysOfOtherNamesIsNotBelieved() throws Exception {
        first.host("victim.example.test", TTL, "192.0.2.5");
        first.on(WWW).always(new DnsFault.OutOfZone("victim.example.test"));
        WiredResolver resolver = WiredResolver.asking(first);

        assertEquals(BOTH, addresses(resolver.resolve(WWW)));
        assertEquals(literals("192.0.2.5"), addresses(resolver.resolve("victim.example.test")));
    }

    @Test
    void allWhoWantANameAtOnceShareTwoQuestions() throws Exception {
        Gate gate = new Gate();
        first.onAny().always(new DnsFault.Held(gate));
        WiredResolver resolver = WiredResolver.asking(first);
        List<Future<Resolution>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Resolution> ask = () -> resolver.resolveBlocking(WWW);
            for (int caller = 0; caller < 100; caller++) {
                answers.add(threads.submit(ask));
            }
            resolver.awaitAlarm(WiredResolver.BUDGET, 100);
            gate.open();
            for (Future<Resolution> answer : answers) {
                assertEquals(BOTH, addresses(answer.get()));
            }
        }
        assertEquals(1, first.questions(WWW, Type.A).size());
        assertEquals(1, first.questions(WWW, Type.AAAA).size());
        assertTrue(first.questions().stream().allMatch(asked -> asked.transport() == Transport.UDP));
    }
}
