package io.edgedownload.engine.resolve;

import io.edgedownload.engine.resolve.StaggeredQuery.Answered;
import io.edgedownload.engine.resolve.StaggeredQuery.ServerPlan;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Timer;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.xbill.DNS.Name;

/**
 * Follows a question along aliases, each to the servers that are responsible for it, over at most
 * {@value Reading#MAX_LINKS} links in all.
 */
final class AliasWalk {
    private final Asking asking;
    private final ServerTable servers;
    private final Timer timer;
    private final Function<Name, ServerPlan> plans;

    /** @param plans the servers for a name */
    AliasWalk(Asking asking, ServerTable servers, Timer timer, Function<Name, ServerPlan> plans) {
        this.asking = asking;
        this.servers = servers;
        this.timer = timer;
        this.plans = plans;
    }

    /** Never fails. */
    CompletionStage<FamilyAnswer> ask(Question question, Deadline deadline) {
        return ask(question, new Path(0, Long.MAX_VALUE, 0), deadline);
    }

    /** The way to the current name. */
    private record Path(int links, long ttlSeconds, long latencyNanos) {
        Path along(Answer.Alias alias, long latencyNanos) {
            return new Path(
                    links + alias.links(), Math.min(ttlSeconds, alias.ttlSeconds()), this.latencyNanos + latencyNanos);
        }
    }

    private CompletionStage<FamilyAnswer> ask(Question question, Path path, Deadline deadline) {
        return StaggeredQuery.ask(asking, servers, timer, plans.apply(question.name()), question, deadline)
                .thenCompose(answered -> follow(question, answered, path, deadline));
    }

    private CompletionStage<FamilyAnswer> follow(Question question, Answered answered, Path path, Deadline deadline) {
        return switch (answered.answer()) {
            case Answer.Found(List<InetAddress> addresses, long ttlSeconds) ->
                settled(new FamilyAnswer.Found(
                        addresses,
                        Math.min(ttlSeconds, path.ttlSeconds()),
                        answered.server(),
                        path.latencyNanos() + answered.latencyNanos()));
            case Answer.NoSuchName(var soa) -> settled(new FamilyAnswer.Denied(true, soa, answered.server()));
            case Answer.NoData(var soa) -> settled(new FamilyAnswer.Denied(false, soa, answered.server()));
            case Answer.Alias alias -> {
                Path next = path.along(alias, answered.latencyNanos());
                yield next.links() > Reading.MAX_LINKS
                        ? failed(answered, "more than " + Reading.MAX_LINKS + " aliases")
                        : ask(new Question(alias.target(), question.family()), next, deadline);
            }
            case Answer.Useless(String reason) -> failed(answered, reason);
            case Answer.Unreachable(String reason) -> failed(answered, reason);
            case Answer.Silence() -> failed(answered, "no answer in time");
        };
    }

    private static CompletionStage<FamilyAnswer> failed(Answered answered, String reason) {
        return settled(new FamilyAnswer.Failed("name server " + answered.server() + ": " + reason));
    }

    private static CompletionStage<FamilyAnswer> settled(FamilyAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }
}
