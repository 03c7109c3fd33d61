package io.edgedownload.engine.resolve;

import static io.edgedownload.engine.resolve.WiredResolver.addresses;
import static io.edgedownload.engine.resolve.WiredResolver.literals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.resolve.Resolver.Denial;
import io.edgedownload.engine.resolve.Resolver.Provenance;
import io.edgedownload.engine.resolve.Resolver.Resolution;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.fixtures.dns.NameServerProcess;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.Type;

/** The resolver beside name servers that others wrote: nsd, which is authoritative, and unbound in front of it. */
final class RealNameServersTest {
    private static final int MANY = 100;

    private static final String ZONE = """
            $ORIGIN example.test.
            $TTL 300
            @       IN SOA   ns hostmaster 1 3600 600 86400 35
            @       IN NS    ns
            ns      IN A     127.0.0.1
            www     IN A     192.0.2.1
            www     IN AAAA  2001:db8::1
            target  IN A     192.0.2.2
            target  IN AAAA  2001:db8::2
            short   120 IN CNAME middle
            middle  60  IN CNAME target
            nowhere IN CNAME gone
            text    IN TXT   "no address"
            *.wild  IN A     192.0.2.9
            """
            + IntStream.range(0, MANY)
                    .mapToObj(host -> "many IN A 198.51.100." + host + "\n")
                    .collect(Collectors.joining());

    /** Whom the resolver asks. */
    enum Way {
        NSD,
        UNBOUND
    }

    private static final Map<Way, NameServerProcess> SERVERS = new EnumMap<>(Way.class);

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        for (String program : List.of("nsd", "unbound")) {
            if (NameServerProcess.installed(program).isEmpty()) {
                Assumptions.abort("SKIPPED: " + program + " is missing: as root, apt-get install " + program);
            }
        }
        NameServerProcess nsd =
                NameServerProcess.nsd(Files.createDirectory(folder.resolve("nsd")), "example.test", ZONE);
        SERVERS.put(Way.NSD, nsd);
        Path behind = Files.createDirectory(folder.resolve("unbound"));
        SERVERS.put(Way.UNBOUND, NameServerProcess.unbound(behind, "example.test", nsd.address()));
    }

    @AfterAll
    static void stop() {
        SERVERS.values().forEach(NameServerProcess::close);
    }

    private static InetSocketAddress address(Way way) {
        return Objects.requireNonNull(SERVERS.get(way)).address();
    }

    private static WiredResolver asking(Way way) {
        return new WiredResolver(address(way));
    }

    @ParameterizedTest
    @EnumSource
    void addressesHoldAsLongAsTheZoneSays(Way way) throws Exception {
        WiredResolver resolver = asking(way);
        Resolution.Resolved resolved =
                assertInstanceOf(Resolution.Resolved.class, resolver.resolve("www.example.test"));

        assertEquals(literals("192.0.2.1", "2001:db8::1"), resolved.addresses());
        assertEquals(
                new DnsServer(address(way)).toString(), resolved.provenance().server());
        assertHolds(Duration.ofMinutes(5), resolved.provenance(), resolver);
    }

    @ParameterizedTest
    @EnumSource
    void aChainOfAliasesHoldsAsLongAsItsShortestLink(Way way) throws Exception {
        WiredResolver resolver = asking(way);
        Resolution.Resolved resolved =
                assertInstanceOf(Resolution.Resolved.class, resolver.resolve("short.example.test"));

        assertEquals(literals("192.0.2.2", "2001:db8::2"), resolved.addresses());
        assertHolds(Duration.ofMinutes(1), resolved.provenance(), resolver);
    }

    @ParameterizedTest
    @EnumSource
    void aWildcardIsAnAddress(Way way) throws Exception {
        assertEquals(literals("192.0.2.9"), addresses(asking(way).resolve("any." + way + ".wild.example.test")));
    }

    @ParameterizedTest
    @EnumSource
    void whatDoesNotExistIsDeniedInEachWay(Way way) throws Exception {
        WiredResolver resolver = asking(way);

        assertEquals(Denial.NXDOMAIN, denied(resolver, "none.example.test").denial());
        assertEquals(Denial.NXDOMAIN, denied(resolver, "nowhere.example.test").denial());
        assertEquals(Denial.NODATA, denied(resolver, "text.example.test").denial());
    }

    @ParameterizedTest
    @EnumSource
    void aDenialHoldsAsLongAsTheZonesSoaSaysWithinOurBounds(Way way) throws Exception {
        WiredResolver resolver = asking(way);
        String host = "missing.example.test";
        assertHolds(Duration.ofSeconds(30), denied(resolver, host).provenance(), resolver);
        // The second family's answer renews the denial; after the misses it would hold for longer.
        resolver.awaitIdle();

        for (int misses = 0; misses < 3; misses++) {
            var _ = denied(resolver, host);
        }
        resolver.ticker.advance(Duration.ofSeconds(31));

        assertHolds(Duration.ofSeconds(35), denied(resolver, host).provenance(), resolver);
    }

    @ParameterizedTest
    @EnumSource
    void whatATruncatedAnswerLeavesOutComesOverTcp(Way way) throws Exception {
        Message overUdp = ask(way, "many.example.test");
        assertTrue(overUdp.getHeader().getFlag(Flags.TC));
        assertEquals(List.of(), overUdp.getSection(Section.ANSWER));

        assertEquals(
                Reading.MAX_ADDRESSES,
                addresses(asking(way).resolve("many.example.test")).size());
    }

    /** As our queries are, over UDP alone. */
    private static Message ask(Way way, String host) throws IOException {
        SimpleResolver resolver = new SimpleResolver(address(way));
        resolver.setIgnoreTruncation(true);
        resolver.setEDNS(0, 1232, ExtendedFlags.DO);
        return resolver.send(Message.newQuery(Record.newRecord(Name.fromString(host + "."), Type.A, DClass.IN)));
    }

    @ParameterizedTest
    @EnumSource
    void ednsWithTheWishForSignaturesIsUnderstood(Way way) throws Exception {
        Ticker ticker = Ticker.system();
        ServerTable servers = new ServerTable(ticker, (_, _) -> {});
        DnsServer server = new DnsServer(address(way));
        ServerQuery query = new ServerQuery(
                new Edns(1232, true, null), servers, task -> Thread.ofVirtual().start(task), 1);

        Answer answer = query.ask(
                        server,
                        new Question(Name.fromConstantString("www.example.test."), Family.IPV4),
                        Name.root,
                        Deadline.after(WiredResolver.BUDGET, ticker))
                .toCompletableFuture()
                .get();

        assertInstanceOf(Answer.Found.class, answer);
        assertTrue(servers.knowsEdns(server));
    }

    private static Resolution.NoAddress denied(WiredResolver resolver, String host) throws Exception {
        return assertInstanceOf(Resolution.NoAddress.class, resolver.resolve(host));
    }

    /** Since the question, the clock of the resolver has not moved; a cache on the way may have counted a second down. */
    private static void assertHolds(Duration expected, Provenance provenance, WiredResolver resolver) {
        long leftNanos = provenance.untilNanos() - resolver.ticker.nanos();
        long gone = expected.toSeconds() - Duration.ofNanos(leftNanos).toSeconds();
        assertTrue(gone == 0 || gone == 1, () -> "holds for " + Duration.ofNanos(leftNanos));
    }
}
