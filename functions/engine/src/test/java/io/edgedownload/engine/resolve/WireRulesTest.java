package io.edgedownload.engine.resolve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import io.edgedownload.fixtures.dns.Asked;
import io.edgedownload.fixtures.dns.DnsFault;
import io.edgedownload.fixtures.dns.FaultDns;
import io.edgedownload.fixtures.dns.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** What goes over the wire to one name server, and what is made of what comes back. */
final class WireRulesTest {
    private static final String WWW = "www.example.test";
    private static final Duration TTL = Duration.ofSeconds(60);
    private static final Answer TRUTH = new Answer.Found(List.of(InetAddress.ofLiteral("192.0.2.1")), 60);
    private static final Edns DEFAULT = new Edns(1232, true, null);

    /** Really waited for where an answer never comes, for sockets know no other time. */
    private static final Duration SHORT = Duration.ofMillis(50);

    private final ManualTicker ticker = new ManualTicker();
    private final ServerTable servers = new ServerTable(ticker, (_, _) -> {});
    private final FaultDns dns;

    WireRulesTest() throws IOException {
        dns = FaultDns.start().host(WWW, TTL, "192.0.2.1", "2001:db8::1");
    }

    @AfterEach
    void stop() throws IOException {
        dns.close();
    }

    private CompletableFuture<Answer> start(Edns edns, Duration budget) {
        return new ServerQuery(edns, servers, task -> Thread.ofVirtual().start(task), 512)
                .ask(
                        new DnsServer(dns.address()),
                        new Question(Question.nameOf(WWW), Family.IPV4),
                        Name.root,
                        Deadline.after(budget, ticker))
                .toCompletableFuture();
    }

    private static Answer ended(CompletableFuture<Answer> answer) throws Exception {
        return answer.get(20, TimeUnit.SECONDS);
    }

    private Answer ask() throws Exception {
        return ended(start(DEFAULT, Duration.ofSeconds(15)));
    }

    private Answer askBriefly() throws Exception {
        return ended(start(DEFAULT, SHORT));
    }

    private List<Boolean> withEdns() {
        return dns.questions().stream().map(asked -> asked.edns().isPresent()).toList();
    }

    private List<Transport> transports() {
        return dns.questions().stream().map(Asked::transport).toList();
    }

    @Test
    void everyQuestionTellsItsSizeAndWantsSignaturesButNamesNoClient() throws Exception {
        assertEquals(TRUTH, ask());

        assertEquals(
                Optional.of(new io.edgedownload.fixtures.dns.Edns(0, 1232, true, Optional.empty())),
                dns.awaitQuestion(1).edns());
    }

    @Test
    void aConfiguredClientIsToldOfByItsNetworkAlone() throws Exception {
        assertEquals(Optional.of("198.51.100.0/24"), subnetTold("198.51.100.77", 24));
        assertEquals(Optional.of("2001:db8:1:200:0:0:0:0/56"), subnetTold("2001:db8:1:2ab::77", 56));
    }

    private Optional<String> subnetTold(String client, int prefixBits) throws Exception {
        Edns edns = new Edns(1232, true, new Edns.ClientSubnet(InetAddress.ofLiteral(client), prefixBits));
        assertEquals(TRUTH, ended(start(edns, Duration.ofSeconds(15))));
        return dns.questions().getLast().edns().orElseThrow().clientSubnet();
    }

    @Test
    void aServerThatRefusesEdnsIsAskedWithoutAndNotToldOfItAgain() throws Exception {
        dns.onAny().always(new DnsFault.FormErrOnEdns());

        assertEquals(TRUTH, ask());
        assertEquals(TRUTH, ask());

        assertEquals(List.of(true, false, false), withEdns());
    }

    @Test
    void aServerThatDeniesTheEdnsVersionIsAskedWithoutAndNotToldOfItAgain() throws Exception {
        dns.onAny().always(new DnsFault.BadVers());

        assertEquals(TRUTH, ask());
        assertEquals(TRUTH, ask());

        assertEquals(List.of(true, false, false), withEdns());
    }

    @Test
    void anAnswerThatIgnoresEdnsIsUsedAndTheServerIsNotToldOfItAgain() throws Exception {
        dns.onAny().always(new DnsFault.IgnoreEdns());

        assertEquals(TRUTH, ask());
        assertEquals(TRUTH, ask());

        assertEquals(List.of(true, false), withEdns());
    }

    @Test
    void ednsIsTriedAgainWhenTheServerMayHaveBeenReplaced() throws Exception {
        dns.onAny().next(new DnsFault.FormErrOnEdns());
        assertEquals(TRUTH, ask());
        ticker.advance(Duration.ofMinutes(15));
        assertEquals(TRUTH, ask());

        assertEquals(List.of(true, false, true), withEdns());
    }

    @Test
    void aTruncatedAnswerIsAskedForOverTcp() throws Exception {
        dns.onAny().always(new DnsFault.Truncate());

        assertEquals(TRUTH, ask());
        assertEquals(List.of(Transport.UDP, Transport.TCP), transports());
    }

    @Test
    void anAnswerTooLongForTheDatagramIsAskedForOverTcp() throws Exception {
        String[] many = new String[200];
        for (int host = 0; host < many.length; host++) {
            many[host] = "192.0.2." + host;
        }
        dns.host(WWW, TTL, many);

        Answer.Found found = assertInstanceOf(Answer.Found.class, ask());
        assertEquals(Reading.MAX_ADDRESSES, found.addresses().size());
        assertEquals(List.of(Transport.UDP, Transport.TCP), transports());
    }

    @Test
    void aDatagramLongerThanAskedForIsReadAllTheSame() throws Exception {
        dns.onAny().always(new DnsFault.Oversized(3_000));

        Answer.Found found = assertInstanceOf(Answer.Found.class, ask());
        assertEquals(InetAddress.ofLiteral("192.0.2.1"), found.addresses().getFirst());
        assertEquals(Reading.MAX_ADDRESSES, found.addresses().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {4_097, 20_000, DnsFault.Oversized.MAX_BYTES})
    void aDatagramLongerThanAnyIsNotReadInPart(int bytes) throws Exception {
        dns.onAny().always(new DnsFault.Oversized(bytes));

        assertEquals(new Answer.Silence(), askBriefly());
    }

    @Test
    void forgeriesBeforeTheAnswerDoNotEndTheWait() throws Exception {
        for (DnsFault forgery : List.of(
                new DnsFault.WrongId(DnsFault.Then.TRUTH),
                new DnsFault.WrongQuestion("other.example.test", Type.A, DnsFault.Then.TRUTH),
                new DnsFault.WrongQuestion(WWW, Type.AAAA, DnsFault.Then.TRUTH),
                new DnsFault.SpoofedSource(DnsFault.Then.TRUTH))) {
            dns.onAny().next(forgery);
            assertEquals(TRUTH, ask(), () -> "after " + forgery);
        }
    }

    @Test
    void whatIsNoAnswerIsAsGoodAsSilence() throws Exception {
        for (DnsFault nothing : List.of(
                new DnsFault.WrongId(DnsFault.Then.SILENCE),
                new DnsFault.WrongQuestion("other.example.test", Type.A, DnsFault.Then.SILENCE),
                new DnsFault.SpoofedSource(DnsFault.Then.SILENCE),
                new DnsFault.Garbage(3),
                new DnsFault.Garbage(12),
                new DnsFault.Garbage(500),
                new DnsFault.Empty())) {
            dns.onAny().next(nothing);
            assertEquals(new Answer.Silence(), askBriefly(), () -> "to " + nothing);
        }
    }

    @Test
    void denialsAreToldApartAndHoldAsTheZoneSays() throws Exception {
        dns.onAny().next(new DnsFault.NxDomain()).next(new DnsFault.NoData());
        assertEquals(new Answer.NoSuchName(null), ask());
        assertEquals(new Answer.NoData(null), ask());

        dns.soa("example.test", Duration.ofSeconds(300), Duration.ofSeconds(40));
        dns.onAny().next(new DnsFault.NxDomain()).next(new DnsFault.NoData());
        Answer.Soa soa = new Answer.Soa(Question.nameOf("example.test"), 40);
        assertEquals(new Answer.NoSuchName(soa), ask());
        assertEquals(new Answer.NoData(soa), ask());
    }

    @Test
    void aServerThatCannotOrWillNotAnswerIsOfNoUse() throws Exception {
        dns.onAny()
                .next(new DnsFault.ResponseCode(Rcode.SERVFAIL))
                .next(new DnsFault.ResponseCode(Rcode.REFUSED))
                .next(new DnsFault.LameReferral());

        assertEquals(new Answer.Useless("SERVFAIL"), ask());
        assertEquals(new Answer.Useless("REFUSED"), ask());
        assertInstanceOf(Answer.Useless.class, ask());
    }

    @Test
    void aClosedPortIsKnownAtOnce() throws Exception {
        dns.close();

        assertInstanceOf(Answer.Unreachable.class, ask());
    }

    @Test
    void connectionsThatBreakOffAreKnownAtOnce() throws Exception {
        for (DnsFault broken : List.of(
                new DnsFault.TcpClose(),
                new DnsFault.TcpReset(),
                new DnsFault.TcpWrongLength(7),
                new DnsFault.TcpWrongLength(-1))) {
            dns.heal();
            dns.onAny().always(new DnsFault.Truncate());
            dns.onAny().always(broken);
            assertInstanceOf(Answer.Unreachable.class, ask(), () -> "to " + broken);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 20})
    void aConnectionThatStallsEndsWithTheDeadline(int octets) throws Exception {
        dns.onAny().always(new DnsFault.Truncate());
        dns.onAny().always(new DnsFault.TcpStall(octets));

        assertEquals(new Answer.Silence(), ended(start(DEFAULT, Duration.ofMillis(200))));
    }

    @Test
    void anAnswerThatTricklesInEndsWithTheDeadline() throws Exception {
        dns.onAny().always(new DnsFault.Truncate());
        dns.onAny().always(new DnsFault.TcpTrickle(Duration.ofMillis(20)));

        CompletableFuture<Answer> answer = start(DEFAULT, Duration.ofSeconds(15));
        dns.awaitQuestion(2);
        ticker.advance(Duration.ofSeconds(15));

        assertEquals(new Answer.Silence(), ended(answer));
    }

    @Test
    void whoForgesMustGuessBothIdAndPort() throws Exception {
        for (int question = 0; question < 64; question++) {
            ask();
        }

        assertTrue(dns.questions().stream().mapToInt(Asked::id).distinct().count() > 60);
        assertTrue(
                dns.questions().stream().mapToInt(Asked::sourcePort).distinct().count() > 32);
    }

    @Test
    void oneQueryTooManyIsNotSent() throws Exception {
        ServerQuery one = new ServerQuery(DEFAULT, servers, _ -> {}, 1);
        Question question = new Question(Question.nameOf(WWW), Family.IPV4);
        Deadline deadline = Deadline.after(SHORT, ticker);
        DnsServer server = new DnsServer(dns.address());

        CompletableFuture<Answer> first =
                one.ask(server, question, Name.root, deadline).toCompletableFuture();
        CompletableFuture<Answer> second =
                one.ask(server, question, Name.root, deadline).toCompletableFuture();

        assertFalse(first.isDone());
        assertInstanceOf(Answer.Useless.class, ended(second));
    }
}
