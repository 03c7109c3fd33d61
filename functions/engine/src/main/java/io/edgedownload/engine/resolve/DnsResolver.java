package io.edgedownload.engine.resolve;

import io.edgedownload.engine.resolve.NameState.Flight;
import io.edgedownload.engine.resolve.NameState.Reply;
import io.edgedownload.engine.resolve.SearchNames.Candidate;
import io.edgedownload.engine.resolve.StaggeredQuery.ServerPlan;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.time.Timer;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * Resolves names by asking name servers itself: both families at once, several servers one behind the other, one look-up for
 * all who want the same name, and a cache that knows addresses, denials and failures, asks anew before an answer ends, and
 * goes on with the old one when nobody answers.
 *
 * <pre>
 * host → literal, hosts file → search list → cache → look-up (A, AAAA) → aliases → servers → packets
 * </pre>
 */
public final class DnsResolver implements Resolver {
    private static final Logger LOG = Logger.getLogger(DnsResolver.class);

    /** RFC 1035 §2.3.4 in text, without the dot at the end. */
    private static final int MAX_NAME_CHARACTERS = SearchNames.MAX_CHARACTERS;

    private final Settings settings;
    private final WatchedFile<ResolvConf> resolvConf;
    private final WatchedFile<HostsFile> hosts;
    private final ServerTable servers;
    private final NameCache names;
    private final AliasWalk walk;
    private final Timer timer;
    private final Ticker ticker;
    private final ResolveCounters counters = new ResolveCounters();
    private final Asking asking;

    /**
     * @param upstreams whom to ask
     * @param hosts the hosts file
     * @param edns what queries say of this resolver
     * @param resolutionDelay how long an answer of one family waits for the other
     * @param lookupTimeout for finding out about one name, whoever waits for it
     * @param ttl how long answers hold
     * @param guard against floods of names that do not exist
     * @param bounds of what it keeps
     */
    public record Settings(
            Upstreams upstreams,
            Path hosts,
            Edns edns,
            Duration resolutionDelay,
            Duration lookupTimeout,
            TtlPolicy ttl,
            Guard guard,
            Bounds bounds) {}

    /**
     * @param resolvConf read at the start, and again when it has changed
     * @param servers instead of those in resolv.conf, unless empty
     * @param overrides of its other lines
     * @param stubDomains zones with name servers of their own
     */
    public record Upstreams(Path resolvConf, List<DnsServer> servers, Overrides overrides, StubDomains stubDomains) {
        public Upstreams {
            servers = List.copyOf(servers);
        }
    }

    /** What is set here stands instead of what resolv.conf says. */
    public record Overrides(
            @Nullable List<String> search,
            @Nullable Integer ndots,
            @Nullable Duration timeout,
            @Nullable Integer attempts,
            @Nullable Boolean rotate) {
        ResolvConf over(ResolvConf file) {
            return new ResolvConf(
                    file.servers(),
                    search == null ? file.search() : search,
                    ndots == null ? file.ndots() : ndots,
                    timeout == null ? file.timeout() : timeout,
                    attempts == null ? file.attempts() : attempts,
                    rotate == null ? file.rotate() : rotate,
                    file.ignored());
        }
    }

    /**
     * @param burst denials of new names that one zone may give at once
     * @param perSecond and from then on
     */
    public record Guard(int burst, int perSecond) {}

    /**
     * @param maxNames in the cache
     * @param maxBytes that they may take, by an estimate
     * @param maxLookups under way at once
     * @param maxQueries under way at once, each with a socket
     */
    public record Bounds(int maxNames, long maxBytes, int maxLookups, int maxQueries) {}

    /** @param threads starts one virtual thread for each query */
    public DnsResolver(Settings settings, Executor threads, Timer timer, Ticker ticker, ResolveListener listener) {
        this.settings = settings;
        this.timer = timer;
        this.ticker = ticker;
        this.servers = new ServerTable(ticker, listener::serverChanged);
        this.asking = new ServerQuery(
                settings.edns(), servers, threads, settings.bounds().maxQueries());
        this.resolvConf = new WatchedFile<>(
                settings.upstreams().resolvConf(), this::parsed, overridden(ResolvConf.parse("")), ticker);
        this.hosts = new WatchedFile<>(settings.hosts(), HostsFile::parse, HostsFile.parse(""), ticker);
        this.walk = new AliasWalk(asking, servers, timer, this::plan);
        this.names = new NameCache(
                new NameCache.Limits(
                        settings.bounds().maxNames(),
                        settings.bounds().maxBytes(),
                        settings.bounds().maxLookups()),
                settings.ttl(),
                new ZoneGuard(
                        new ZoneGuard.Limits(
                                settings.guard().burst(), settings.guard().perSecond()),
                        ticker),
                this::lookUp,
                ticker,
                listener::addressesChanged,
                counters);
    }

    @Override
    public Resolution resolve(String host, Deadline deadline) throws InterruptedException {
        CompletableFuture<Resolution> answer = lookup(host, deadline).toCompletableFuture();
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a look-up failed in an unforeseen way", e.getCause());
        }
    }

    /** The same without blocking; ends by the deadline. */
    CompletionStage<Resolution> lookup(String host, Deadline deadline) {
        Resolution fixed = fixed(host);
        if (fixed != null) {
            return CompletableFuture.completedFuture(fixed);
        }
        if (host.isEmpty() || host.length() > MAX_NAME_CHARACTERS + 1) {
            return CompletableFuture.completedFuture(
                    new Resolution.Failed("a host name has 1 to " + MAX_NAME_CHARACTERS + " characters"));
        }
        Iterator<Candidate> candidates = SearchNames.candidates(
                        host, resolvConf.current(), settings.upstreams().stubDomains())
                .iterator();
        return search(candidates, null, deadline);
    }

    /** What needs no name server. */
    private @Nullable Resolution fixed(String host) {
        if (host.indexOf(':') >= 0 || (!host.isEmpty() && Character.isDigit(host.charAt(host.length() - 1)))) {
            try {
                return new Resolution.Resolved(List.of(InetAddress.ofLiteral(host)), Provenance.fixed("literal"));
            } catch (IllegalArgumentException notALiteral) {
                // A name after all, such as "node1".
            }
        }
        List<InetAddress> entry = hosts.current().addresses(host);
        return entry.isEmpty() ? null : new Resolution.Resolved(entry, Provenance.fixed("hosts file"));
    }

    /**
     * Asks for one candidate after the other until there are addresses. A name server that fails for one of them does not
     * keep the others from being tried (resolver(5)), but then the name cannot be said not to exist.
     */
    private CompletionStage<Resolution> search(
            Iterator<Candidate> candidates, @Nullable Resolution before, Deadline deadline) {
        @Nullable Resolution last = before;
        while (candidates.hasNext()) {
            switch (names.find(candidates.next())) {
                case Reply.Ready(Resolution ready) -> {
                    if (ends(ready)) {
                        return CompletableFuture.completedFuture(ready);
                    }
                    last = lessCertain(last, ready);
                }
                case Reply.Wait wait -> {
                    Resolution sofar = last;
                    return awaited(wait, deadline)
                            .thenCompose(resolution -> ends(resolution)
                                    ? CompletableFuture.completedFuture(resolution)
                                    : search(candidates, lessCertain(sofar, resolution), deadline));
                }
            }
        }
        return CompletableFuture.completedFuture(last == null ? new Resolution.Failed("not a name") : last);
    }

    private boolean ends(Resolution resolution) {
        if (resolution instanceof Resolution.Resolved resolved
                && resolved.provenance().freshness() == Freshness.STALE) {
            counters.stale();
        }
        return switch (resolution) {
            case Resolution.Resolved _, Resolution.TimedOut _ -> true;
            case Resolution.NoAddress _, Resolution.Failed _ -> false;
        };
    }

    /** Of two candidates without addresses, the one that says less. */
    private static Resolution lessCertain(@Nullable Resolution before, Resolution after) {
        return before instanceof Resolution.Failed ? before : after;
    }

    /** The result of the flight, or what there is instead when it takes too long. */
    private CompletionStage<Resolution> awaited(Reply.Wait wait, Deadline deadline) {
        CompletableFuture<Resolution> answer = new CompletableFuture<>();
        Flight flight = wait.flight();
        Resolution instead = wait.instead();
        long waitNanos = instead == null
                ? deadline.remainingNanos()
                : Math.min(deadline.remainingNanos(), wait.insteadAtNanos() - ticker.nanos());
        Timer.Alarm alarm = timer.after(
                Duration.ofNanos(Math.max(0, waitNanos)),
                () -> answer.complete(instead == null ? new Resolution.TimedOut() : instead));
        var _ = flight.result().thenAccept(resolution -> {
            alarm.cancel();
            answer.complete(resolution);
        });
        return answer;
    }

    private void lookUp(String name, Consumer<Learned> learned) {
        Name absolute = Question.nameOf(name);
        Lookup.start(
                (family, deadline) -> walk.ask(new Question(absolute, family), deadline),
                timer,
                settings.resolutionDelay(),
                learned,
                Deadline.after(settings.lookupTimeout(), ticker));
    }

    private ServerPlan plan(Name name) {
        ResolvConf conf = resolvConf.current();
        StubDomains stubs = settings.upstreams().stubDomains();
        List<DnsServer> otherwise = settings.upstreams().servers().isEmpty()
                ? conf.servers()
                : settings.upstreams().servers();
        String text = NameCache.key(name);
        return ServerPlan.of(
                stubs.zoneOf(text).map(Question::nameOf).orElse(Name.root),
                servers.order(stubs.serversFor(text, otherwise), conf.rotate()),
                conf.attempts(),
                conf.timeout());
    }

    /**
     * A stub domain's name server that does not answer.
     *
     * @param reason for the log
     */
    public record SilentServer(String domain, DnsServer server, String reason) {}

    /**
     * Asks each stub domain's name servers whether they are there; any answer will do. Blocks until all have answered or the
     * deadline has passed.
     */
    public List<SilentServer> silentStubServers(Deadline deadline) throws InterruptedException {
        Map<SilentServer, CompletionStage<Answer>> asked = new LinkedHashMap<>();
        settings.upstreams().stubDomains().servers().forEach((domain, stubServers) -> {
            Name zone = Question.nameOf(domain);
            for (DnsServer server : stubServers) {
                asked.put(
                        new SilentServer(domain, server, "no answer in time"),
                        asking.ask(server, new Question(zone, Family.IPV4), zone, deadline));
            }
        });
        List<SilentServer> silent = new ArrayList<>();
        for (var one : asked.entrySet()) {
            switch (answer(one.getValue())) {
                case Answer.Silence() -> silent.add(one.getKey());
                case Answer.Unreachable(String reason) ->
                    silent.add(
                            new SilentServer(one.getKey().domain(), one.getKey().server(), reason));
                case Answer.Conclusive _, Answer.Useless _ -> {}
            }
        }
        return silent;
    }

    private static Answer answer(CompletionStage<Answer> asked) throws InterruptedException {
        try {
            return asked.toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new AssertionError("asking never fails", e);
        }
    }

    /**
     * What happened since the start, and what is kept now.
     *
     * @param lookups that were begun
     * @param staleAnswers given because no name server could be asked
     * @param guardedNames not asked for, because their zone denied too many
     * @param refusedLookups not begun, because too many were under way
     */
    public record Statistics(
            long names, long estimatedBytes, long lookups, long staleAnswers, long guardedNames, long refusedLookups) {}

    public Statistics statistics() {
        return new Statistics(
                names.entries(),
                names.estimatedBytes(),
                counters.lookups(),
                counters.staleAnswers(),
                counters.guardedNames(),
                counters.refusedLookups());
    }

    private ResolvConf parsed(String text) {
        ResolvConf parsed = ResolvConf.parse(text);
        parsed.ignored()
                .forEach(line -> LOG.warnf("%s: %s", settings.upstreams().resolvConf(), line));
        return overridden(parsed);
    }

    private ResolvConf overridden(ResolvConf file) {
        return settings.upstreams().overrides().over(file);
    }
}
