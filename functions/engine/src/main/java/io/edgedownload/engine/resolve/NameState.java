package io.edgedownload.engine.resolve;

import io.edgedownload.engine.resolve.Known.Addresses;
import io.edgedownload.engine.resolve.Known.Part;
import io.edgedownload.engine.resolve.Resolver.Freshness;
import io.edgedownload.engine.resolve.Resolver.Provenance;
import io.edgedownload.engine.resolve.Resolver.Resolution;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * All that is held of one name, immutable; each method is a transition and has no effect of its own.
 *
 * @param known the last answer, also when it no longer holds
 * @param bearer the flight that brought it
 * @param setback set while the name servers are left alone after a failure
 * @param flight the look-up under way
 * @param hits of the answer since it was learned, as far as they count
 * @param misses denials given since the name was last found, as far as they count
 */
record NameState(
        Known known,
        @Nullable Flight bearer,
        @Nullable Setback setback,
        @Nullable Flight flight,
        int hits,
        int misses) {
    static final NameState EMPTY = new NameState(new Known.Nothing(), null, null, null, 0, 0);

    record Setback(String reason, long untilNanos) {}

    /**
     * A look-up that all who ask for the name share.
     *
     * @param result completed without failure, once
     */
    record Flight(long startedNanos, CompletableFuture<Resolution> result) {
        static Flight at(long nowNanos) {
            return new Flight(nowNanos, new CompletableFuture<>());
        }
    }

    /** What whoever asks gets. */
    sealed interface Reply {
        record Ready(Resolution resolution) implements Reply {}

        /**
         * @param instead what to take when the flight is not over by then; null when there is nothing
         * @param insteadAtNanos when to take it
         */
        record Wait(Flight flight, @Nullable Resolution instead, long insteadAtNanos) implements Reply {}
    }

    /** @param launched the flight that this step begins, for the caller to start */
    record Step(
            @Nullable NameState after,
            Reply reply,
            @Nullable Flight launched) {}

    /** Somebody asks for the name. */
    Step asked(TtlPolicy policy, long nowNanos) {
        return switch (known) {
            case Known.Nothing() -> withoutAnswer(nowNanos);
            case Known.Denied denied ->
                nowNanos - denied.expiresNanos() < 0 ? missed(denied, policy) : withoutAnswer(nowNanos);
            case Addresses addresses ->
                nowNanos - addresses.expiresNanos() < 0
                        ? hit(addresses, policy, nowNanos)
                        : expired(addresses, policy, nowNanos);
        };
    }

    private Step hit(Addresses addresses, TtlPolicy policy, long nowNanos) {
        Reply reply = new Reply.Ready(addresses.fresh());
        int counted = Math.min(hits + 1, policy.prefetch().hits());
        boolean refresh = counted >= policy.prefetch().hits()
                && nowNanos - policy.prefetchFromNanos(addresses.learnedNanos(), addresses.expiresNanos()) >= 0
                && flight == null
                && !leftAlone(nowNanos);
        if (refresh) {
            Flight launched = Flight.at(nowNanos);
            return new Step(new NameState(known, bearer, null, launched, counted, misses), reply, launched);
        }
        return new Step(
                counted == hits ? null : new NameState(known, bearer, setback, flight, counted, misses), reply, null);
    }

    private Step expired(Addresses addresses, TtlPolicy policy, long nowNanos) {
        if (nowNanos - addresses.learnedNanos() > policy.stale().maxAge().toNanos()) {
            return withoutAnswer(nowNanos);
        }
        Resolution stale = addresses.stale(nowNanos + policy.stale().ttl().toNanos());
        if (leftAlone(nowNanos)) {
            return new Step(null, new Reply.Ready(stale), null);
        }
        Flight joined = flight == null ? Flight.at(nowNanos) : flight;
        Reply reply = new Reply.Wait(
                joined,
                stale,
                joined.startedNanos() + policy.stale().clientWait().toNanos());
        return flight == null
                ? new Step(new NameState(known, bearer, null, joined, hits, misses), reply, joined)
                : new Step(null, reply, null);
    }

    private Step withoutAnswer(long nowNanos) {
        if (flight != null) {
            return new Step(null, new Reply.Wait(flight, null, 0), null);
        }
        if (setback != null && leftAlone(nowNanos)) {
            return new Step(null, new Reply.Ready(new Resolution.Failed(setback.reason())), null);
        }
        Flight launched = Flight.at(nowNanos);
        return new Step(
                new NameState(known, bearer, null, launched, hits, misses),
                new Reply.Wait(launched, null, 0),
                launched);
    }

    private boolean leftAlone(long nowNanos) {
        return setback != null && nowNanos - setback.untilNanos() < 0;
    }

    private Step missed(Known.Denied denied, TtlPolicy policy) {
        int counted = missesAfter(policy);
        return new Step(
                counted == misses ? null : new NameState(known, bearer, setback, flight, hits, counted),
                new Reply.Ready(denied.answer()),
                null);
    }

    private int missesAfter(TtlPolicy policy) {
        return Math.min(misses + 1, policy.countedMisses());
    }

    /** @param resolution what those who wait for the flight get */
    record Landing(NameState after, Resolution resolution) {}

    /**
     * Whether news of this flight still count: they end it, or join what it brought before. By then the name may have been
     * looked up anew.
     */
    boolean awaits(Flight by) {
        return by.equals(flight) || (flight == null && by.equals(bearer));
    }

    /** A flight brings news. */
    Landing landed(Learned learned, Flight by, TtlPolicy policy, long nowNanos) {
        return switch (learned) {
            case Learned.Addresses found -> found(found, by, policy, nowNanos);
            case Learned.Denied denied -> denied(denied, by, policy, nowNanos);
            case Learned.Failed(String reason) -> failed(reason, policy, nowNanos);
        };
    }

    private Landing found(Learned.Addresses found, Flight by, TtlPolicy policy, long nowNanos) {
        Addresses before = known instanceof Addresses addresses ? addresses : null;
        Addresses now = Addresses.of(
                part(found.ipv4(), before == null ? null : before.ipv4(), policy, nowNanos),
                part(found.ipv6(), before == null ? null : before.ipv6(), policy, nowNanos),
                nowNanos,
                nowNanos + policy.positiveNanos(found.ttlSeconds(), found.latencyNanos()),
                found.server());
        return new Landing(new NameState(now, by, null, null, 0, 0), now.fresh());
    }

    /** A family that could not be asked keeps what it had, as long as an answer may be stale. */
    private static Part part(
            @Nullable List<InetAddress> learned, @Nullable Part before, TtlPolicy policy, long nowNanos) {
        if (learned != null) {
            return new Part(learned, nowNanos);
        }
        return before != null
                        && nowNanos - before.learnedNanos()
                                <= policy.stale().maxAge().toNanos()
                ? before
                : new Part(List.of(), nowNanos);
    }

    private Landing denied(Learned.Denied denied, Flight by, TtlPolicy policy, long nowNanos) {
        Provenance provenance = new Provenance(
                Freshness.FRESH,
                nowNanos + policy.denialNanos(denied.soa(), misses),
                denied.server().toString());
        Resolution.NoAddress answer = new Resolution.NoAddress(denied.denial(), provenance);
        return new Landing(new NameState(new Known.Denied(answer), by, null, null, 0, missesAfter(policy)), answer);
    }

    private Landing failed(String reason, TtlPolicy policy, long nowNanos) {
        long failureUntil = nowNanos + policy.failure().toNanos();
        if (known instanceof Addresses addresses
                && nowNanos - addresses.learnedNanos()
                        <= policy.stale().maxAge().toNanos()) {
            boolean holds = nowNanos - addresses.expiresNanos() < 0;
            long staleUntil = nowNanos + policy.stale().ttl().toNanos();
            return new Landing(
                    new NameState(
                            known, bearer, new Setback(reason, holds ? failureUntil : staleUntil), null, hits, misses),
                    holds ? addresses.fresh() : addresses.stale(staleUntil));
        }
        return new Landing(
                new NameState(new Known.Nothing(), null, new Setback(reason, failureUntil), null, 0, misses),
                new Resolution.Failed(reason));
    }

    /** What this keeps in memory. */
    int addressCount() {
        return known instanceof Addresses addresses ? addresses.all().size() : 0;
    }
}
