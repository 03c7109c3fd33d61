package io.edgedownload.engine.resolve;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Timer;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Both families of one name, asked for at once. What one of them says is told as soon as it is of use and the other had its
 * resolution delay (RFC 8305 §3); what the other says later is told then. Told at least once, at most twice.
 */
final class Lookup {
    private final Timer timer;
    private final Duration resolutionDelay;
    private final Consumer<Learned> learned;
    private final AtomicReference<Progress> progress = new AtomicReference<>(new Progress(null, null, false));

    /** @param told whether the listener has heard of it */
    private record Progress(
            @Nullable FamilyAnswer ipv4, @Nullable FamilyAnswer ipv6, boolean told) {
        Progress with(Family family, FamilyAnswer answer) {
            Progress next = switch (family) {
                case IPV4 -> new Progress(answer, ipv6, told);
                case IPV6 -> new Progress(ipv4, answer, told);
            };
            return next.settled() ? new Progress(next.ipv4, next.ipv6, true) : next;
        }

        /** Whether nothing that may still come could change what it is used for now. */
        boolean settled() {
            return (ipv4 != null && ipv6 != null) || (ipv4 instanceof FamilyAnswer.Denied four && four.nxdomain());
        }

        boolean usable() {
            return ipv4 instanceof FamilyAnswer.Found || ipv6 instanceof FamilyAnswer.Found;
        }

        Progress tell() {
            return new Progress(ipv4, ipv6, true);
        }
    }

    private Lookup(Timer timer, Duration resolutionDelay, Consumer<Learned> learned) {
        this.timer = timer;
        this.resolutionDelay = resolutionDelay;
        this.learned = learned;
    }

    static void start(
            BiFunction<Family, Deadline, CompletionStage<FamilyAnswer>> ask,
            Timer timer,
            Duration resolutionDelay,
            Consumer<Learned> learned,
            Deadline deadline) {
        Lookup lookup = new Lookup(timer, resolutionDelay, learned);
        // AAAA first, as RFC 8305 §3 has it: its answer is then rarely the one to be waited for.
        ask.apply(Family.IPV6, deadline).thenAccept(answer -> lookup.answered(Family.IPV6, answer));
        ask.apply(Family.IPV4, deadline).thenAccept(answer -> lookup.answered(Family.IPV4, answer));
    }

    private void answered(Family family, FamilyAnswer answer) {
        Progress before;
        Progress after;
        do {
            before = progress.get();
            after = before.with(family, answer);
        } while (!progress.compareAndSet(before, after));
        if (after.told()) {
            if (!before.told() || !(answer instanceof FamilyAnswer.Failed)) {
                learned.accept(Learned.of(after.ipv4(), after.ipv6()));
            }
        } else if (after.usable()) {
            var _ = timer.after(resolutionDelay, this::tellWhatIsKnown);
        }
    }

    private void tellWhatIsKnown() {
        Progress before = progress.get();
        while (!before.told()) {
            if (progress.compareAndSet(before, before.tell())) {
                learned.accept(Learned.of(before.ipv4(), before.ipv6()));
                return;
            }
            before = progress.get();
        }
    }
}
