package io.edgedownload.guard;

import io.edgedownload.engine.guard.Cause;
import io.edgedownload.engine.guard.Figures;
import io.edgedownload.engine.guard.Rules;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Looks at the control groups of a node, each {@link Settings#interval()} and at once when the kernel says that one of them is over
 * a bound. Groups that surge are held to the limit until they are calm again. For one thread.
 */
final class NodeGuard {
    /** How often the shares of a limited group are set anew. */
    private static final Duration STEP = Duration.ofMillis(200);

    /** How often groups are looked for that are gone. */
    private static final Duration SWEEP = Duration.ofMinutes(1);

    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final Settings settings;
    private final NodeProgram program;
    private final ControlGroups groups;
    private final LongSupplier limit;
    private final Listener listener;
    private final Ticker ticker;
    private final Map<Long, Watched> watched = new HashMap<>();
    private Counts forgotten = Counts.NONE;
    private long lookedNanos;
    private long sweptNanos;

    /**
     * @param rules when a group is over a bound, and when it is calm again
     * @param interval between two looks while none is limited
     */
    record Settings(Rules rules, Duration interval) {}

    /** Who is told of what happened. Called on the guard's thread. */
    interface Listener {
        /** A group went over a bound, or is calm again. */
        void changed(String group, Cause cause, boolean holds, Figures figures);

        /** After each look. */
        void looked(Overview overview);
    }

    /** @param limit of one group now, in bytes a second */
    NodeGuard(
            Settings settings,
            NodeProgram program,
            ControlGroups groups,
            LongSupplier limit,
            Listener listener,
            Ticker ticker) {
        this.settings = settings;
        this.program = program;
        this.groups = groups;
        this.limit = limit;
        this.listener = listener;
        this.ticker = ticker;
        this.lookedNanos = ticker.nanos();
        this.sweptNanos = lookedNanos;
    }

    /** Waits for the next moment to look, and looks. */
    void next() {
        boolean limiting = watched.values().stream().anyMatch(Watched::isLimited);
        program.await(limiting ? STEP : settings.interval());
        look(program.counts(), ticker.nanos());
    }

    private void look(Map<Long, Counts> counts, long nowNanos) {
        if (!watched.keySet().containsAll(counts.keySet())) {
            groups.refresh();
        }
        counts.forEach((id, now) -> {
            Watched before =
                    watched.computeIfAbsent(id, _ -> Watched.begun(groups.name(id), lookedNanos, settings.rules()));
            Watched after = before.after(now, nowNanos, settings.rules(), limit.getAsLong());
            watched.put(id, after);
            apply(id, before, after);
        });
        forgetThoseThatAreGone(nowNanos);
        lookedNanos = nowNanos;
        listener.looked(overview());
    }

    private void apply(long id, Watched before, Watched after) {
        if (after.share() == null) {
            if (before.isLimited()) {
                program.lift(id);
            }
        } else if (!after.share().equals(before.share())) {
            program.pace(id, after.share().bytesPerSecond());
        }
        for (Cause cause : Cause.values()) {
            if (after.state().holds(cause) != before.state().holds(cause)) {
                listener.changed(
                        after.name(),
                        cause,
                        after.state().holds(cause),
                        after.state().figures());
            }
        }
    }

    /** A group that was removed may have sockets for a while yet, and those may be limited. */
    private void forgetThoseThatAreGone(long nowNanos) {
        if (nowNanos - sweptNanos < SWEEP.toNanos()) {
            return;
        }
        sweptNanos = nowNanos;
        groups.refresh();
        watched.entrySet().removeIf(each -> {
            Watched group = each.getValue();
            if (groups.contains(each.getKey())
                    || group.isLimited()
                    || group.counts().established() > 0) {
                return false;
            }
            program.forget(each.getKey());
            forgotten = forgotten.plus(group.counts());
            return true;
        });
    }

    private Overview overview() {
        Counts all = watched.values().stream().map(Watched::counts).reduce(forgotten, Counts::plus);
        Map<Cause, Long> over = new EnumMap<>(Cause.class);
        for (Cause cause : Cause.values()) {
            over.put(
                    cause,
                    watched.values().stream()
                            .filter(each -> each.state().holds(cause))
                            .count());
        }
        return new Overview(watched.size(), all, over, program.losses());
    }

    /** Lifts all limits, and leaves sockets the time to hear of it with the next answers of their peers. */
    void end() {
        boolean limiting = false;
        for (Map.Entry<Long, Watched> each : watched.entrySet()) {
            if (each.getValue().isLimited()) {
                program.lift(each.getKey());
                limiting = true;
            }
        }
        if (limiting) {
            program.await(FAREWELL);
        }
    }
}
