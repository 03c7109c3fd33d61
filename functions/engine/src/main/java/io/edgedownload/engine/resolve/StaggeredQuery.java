package io.edgedownload.engine.resolve;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import org.xbill.DNS.Name;

/**
 * One question to several name servers, one after the other: the next is asked when the one before had no use for the
 * question, or kept silent for longer than it usually does. Those asked before are still listened to, and the first that
 * settles the question wins. All of it happens before one deadline; asking again is no reason for a later one.
 */
final class StaggeredQuery {
    private final Asking asking;
    private final ServerTable servers;
    private final Timer timer;
    private final ServerPlan plan;
    private final Question question;
    private final Deadline deadline;
    private final CompletableFuture<Answered> result = new CompletableFuture<>();
    private final AtomicReference<Progress> progress = new AtomicReference<>(new Progress(0, 0));

    /**
     * Whom to ask.
     *
     * @param zone what they are asked for
     * @param servers in this order; a server that is named twice is asked twice
     * @param beside asked once each, for their health alone
     * @param timeout the longest to wait for one server
     */
    record ServerPlan(Name zone, List<DnsServer> servers, List<DnsServer> beside, Duration timeout) {
        ServerPlan {
            servers = List.copyOf(servers);
            beside = List.copyOf(beside);
        }

        /** As the table orders them, all of them {@code attempts} times. */
        static ServerPlan of(Name zone, ServerTable.Order order, int attempts, Duration timeout) {
            List<DnsServer> rounds = new ArrayList<>();
            for (int attempt = 0; attempt < attempts; attempt++) {
                rounds.addAll(order.ask());
            }
            return new ServerPlan(zone, rounds, order.beside(), timeout);
        }
    }

    /**
     * @param latencyNanos from the first packet of the question to the answer
     * @param server that gave the answer; the last one when there is none
     */
    record Answered(Answer answer, DnsServer server, long latencyNanos) {}

    /**
     * @param begun how many were asked
     * @param running how many of them have not answered
     */
    private record Progress(int begun, int running) {}

    private StaggeredQuery(
            Asking asking, ServerTable servers, Timer timer, ServerPlan plan, Question question, Deadline deadline) {
        this.asking = asking;
        this.servers = servers;
        this.timer = timer;
        this.plan = plan;
        this.question = question;
        this.deadline = deadline;
    }

    /** Never fails: without a useful answer, the least useless one is the result. */
    static CompletionStage<Answered> ask(
            Asking asking, ServerTable servers, Timer timer, ServerPlan plan, Question question, Deadline deadline) {
        StaggeredQuery query = new StaggeredQuery(asking, servers, timer, plan, question, deadline);
        query.askNext();
        for (DnsServer server : plan.beside()) {
            var _ = asking.ask(server, question, plan.zone(), deadline.within(plan.timeout()));
        }
        return query.result;
    }

    private void askNext() {
        Progress before;
        do {
            before = progress.get();
            if (before.begun() == plan.servers().size() || result.isDone()) {
                return;
            }
        } while (!progress.compareAndSet(before, new Progress(before.begun() + 1, before.running() + 1)));
        askOne(before.begun());
    }

    private void askOne(int index) {
        DnsServer server = plan.servers().get(index);
        long startNanos = deadline.ticker().nanos();
        boolean again = index >= plan.servers().stream().distinct().count();
        long patienceNanos = servers.patienceNanos(server, plan.timeout().toNanos()) << (again ? 1 : 0);
        Timer.Alarm impatience = timer.after(Duration.ofNanos(patienceNanos), () -> {
            if (!servers.failing(server)) {
                servers.failed(server);
            }
            askNext();
        });
        asking.ask(server, question, plan.zone(), deadline.within(plan.timeout()))
                .thenAccept(answer -> {
                    impatience.cancel();
                    answered(new Answered(answer, server, deadline.ticker().nanos() - startNanos));
                });
    }

    private void answered(Answered answered) {
        Progress after = progress.updateAndGet(before -> new Progress(before.begun(), before.running() - 1));
        switch (answered.answer()) {
            case Answer.Conclusive _ -> result.complete(answered);
            case Answer.Inconclusive _ -> {
                if (after.begun() < plan.servers().size() && !deadline.passed()) {
                    askNext();
                } else if (after.running() == 0) {
                    result.complete(answered);
                }
            }
        }
    }
}
