package io.edgedownload.engine.resolve;

import io.edgedownload.engine.resolve.Resolver.Resolution;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.ManualTicker;
import io.edgedownload.engine.time.Timer;
import io.edgedownload.fixtures.EventLog;
import io.edgedownload.fixtures.dns.FaultDns;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A resolver that asks real name servers over real sockets, while its clock moves only when a test moves it. */
final class WiredResolver {
    static final Duration RESOLUTION_DELAY = Duration.ofMillis(50);

    /** For one server of which nothing is known yet. */
    static final Duration PATIENCE = Duration.ofMillis(400);

    static final Duration BUDGET = Duration.ofSeconds(10);

    final ManualTicker ticker = new ManualTicker();
    final EventLog<AddressesChanged> changes = new EventLog<>();
    private final EventLog<Duration> alarms = new EventLog<>();
    private final AtomicInteger running = new AtomicInteger();
    private final DnsResolver resolver;

    /** How often and how long to ask; null stands for the defaults. */
    record Tries(@Nullable Duration timeout, @Nullable Integer attempts) {
        static final Tries DEFAULT = new Tries(null, null);

        /** The timeout is really waited for by the socket of a question that is not answered. */
        static final Tries FEW_AND_SHORT = new Tries(Duration.ofMillis(50), 1);
    }

    /** One that asks these servers in this order. */
    static WiredResolver asking(FaultDns... servers) {
        return new WiredResolver(List.of(servers), Map.of(), Tries.DEFAULT);
    }

    /** @param stubDomains each with one server of its own */
    WiredResolver(List<FaultDns> servers, Map<String, FaultDns> stubDomains, Tries tries) {
        this(servers.stream().map(server -> new DnsServer(server.address())).toList(), stubs(stubDomains), tries);
    }

    /** One that asks a name server that is none of ours. */
    WiredResolver(InetSocketAddress server) {
        this(List.of(new DnsServer(server)), StubDomains.parse(Map.of()), Tries.DEFAULT);
    }

    private WiredResolver(List<DnsServer> servers, StubDomains stubDomains, Tries tries) {
        DnsResolver.Settings defaults = LocalResolver.settings(List.of());
        DnsResolver.Upstreams upstreams = new DnsResolver.Upstreams(
                Path.of("/nowhere/resolv.conf"),
                servers,
                new DnsResolver.Overrides(null, null, tries.timeout(), tries.attempts(), null),
                stubDomains);
        resolver = new DnsResolver(
                new DnsResolver.Settings(
                        upstreams,
                        defaults.hosts(),
                        defaults.edns(),
                        RESOLUTION_DELAY,
                        defaults.lookupTimeout(),
                        defaults.ttl(),
                        defaults.guard(),
                        defaults.bounds()),
                this::run,
                this::after,
                ticker,
                listener());
    }

    private static StubDomains stubs(Map<String, FaultDns> stubDomains) {
        Map<String, List<String>> stubs = new HashMap<>();
        stubDomains.forEach((domain, server) -> stubs.put(domain, List.of(new DnsServer(server.address()).toString())));
        return StubDomains.parse(stubs);
    }

    private ResolveListener listener() {
        return new ResolveListener() {
            @Override
            public void addressesChanged(AddressesChanged change) {
                changes.add(change);
            }

            @Override
            public void serverChanged(DnsServer server, boolean failing) {}
        };
    }

    private void run(Runnable task) {
        running.incrementAndGet();
        Thread.ofVirtual().start(() -> {
            try {
                task.run();
            } finally {
                running.decrementAndGet();
            }
        });
    }

    /** Waits until no question is under way: a denial is told before its second answer is in. */
    void awaitIdle() {
        long startNanos = System.nanoTime();
        while (running.get() > 0) {
            if (System.nanoTime() - startNanos > TimeUnit.SECONDS.toNanos(20)) {
                throw new AssertionError("questions are under way for ever");
            }
            Thread.onSpinWait();
        }
    }

    private Timer.Alarm after(Duration delay, Runnable task) {
        Timer.Alarm alarm = ticker.after(delay, task);
        alarms.add(delay);
        return alarm;
    }

    /** Waits for the n-th alarm of this length to be set, counted from 1. */
    void awaitAlarm(Duration delay, int nth) throws InterruptedException {
        var _ = alarms.await("alarms after " + delay, nth, delay::equals);
    }

    /** Asks, and leaves it to the test to move the clock until there is an answer. */
    CompletableFuture<Resolution> ask(String host) {
        return resolver.lookup(host, Deadline.after(BUDGET, ticker)).toCompletableFuture();
    }

    /** Asks for what is answered without the clock. */
    Resolution resolve(String host) throws Exception {
        return answered(ask(host));
    }

    /** Blocks as callers do. */
    Resolution resolveBlocking(String host) throws InterruptedException {
        return resolver.resolve(host, Deadline.after(BUDGET, ticker));
    }

    /** The limit is a guard against hanging tests, never a measure. */
    static Resolution answered(CompletableFuture<Resolution> answer) throws Exception {
        return answer.get(20, TimeUnit.SECONDS);
    }

    /** In the order of the answer. */
    static List<InetAddress> addresses(Resolution resolution) {
        return switch (resolution) {
            case Resolution.Resolved(var addresses, var _) -> addresses;
            case Resolution.NoAddress _, Resolution.Failed _, Resolution.TimedOut _ ->
                throw new AssertionError("no addresses but " + resolution);
        };
    }

    static List<InetAddress> literals(String... addresses) {
        return Arrays.stream(addresses).map(InetAddress::ofLiteral).toList();
    }
}
