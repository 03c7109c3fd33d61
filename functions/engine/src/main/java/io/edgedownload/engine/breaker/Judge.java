package io.edgedownload.engine.breaker;

import io.edgedownload.engine.breaker.Breaker.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What becomes of a closed breaker with time. A function of what was counted, so that it does not matter who asks and when. */
final class Judge {
    private final Settings settings;
    private final long bucketNanos;
    private final boolean holdOutlastsWindow;

    Judge(Settings settings) {
        this.settings = settings;
        this.bucketNanos = settings.bucket().toNanos();
        this.holdOutlastsWindow = settings.hold().compareTo(settings.bucket().multipliedBy(settings.buckets())) >= 0;
    }

    /** An empty bucket, the first one of a window that starts then. */
    Bucket first(long startNanos) {
        return new Bucket(0, startNanos + bucketNanos);
    }

    /**
     * Whether no time can open it as long as nobody reports: it is not sick, and if it falls sick by the results that there
     * are, those leave the window before that has held.
     */
    boolean staysClosedWithoutResults(State.Closed closed) {
        return closed.sickSince().isEmpty() && holdOutlastsWindow;
    }

    /**
     * Judges the window at the beginning of each bucket after the current one up to the one that {@code now} is in.
     *
     * @return closed with that bucket as its current one, or open since the beginning at which the sickness had held
     */
    State judge(State.Closed closed, long nowNanos) {
        long last = (nowNanos - closed.startNanos()) / bucketNanos;
        OptionalLong sickSince = closed.sickSince();
        for (long bucket = closed.current().number() + 1; ; bucket++) {
            List<Bucket> window = window(closed, bucket);
            Tally tally = Tally.of(window);
            Optional<Reason> sickness = sickness(tally);
            if (sickness.isEmpty()) {
                sickSince = OptionalLong.empty();
            } else {
                sickSince = OptionalLong.of(sickSince.orElse(bucket));
                if ((bucket - sickSince.getAsLong()) * bucketNanos
                        >= settings.hold().toNanos()) {
                    return open(closed, bucket, sickness.get());
                }
            }
            // Nothing more was counted since: a window with too few requests can only have fewer later.
            if (bucket == last || tally.requests() < settings.minRequests()) {
                return closed(closed, window(closed, last), last, sickSince, tally);
            }
        }
    }

    /** What was counted in the full window before the bucket begins. */
    private List<Bucket> window(State.Closed closed, long bucket) {
        return Stream.concat(closed.full().stream(), Stream.of(closed.current()))
                .filter(each -> each.number() >= bucket - settings.buckets())
                .toList();
    }

    private Optional<Reason> sickness(Tally tally) {
        if (tally.requests() < settings.minRequests()) {
            return Optional.empty();
        }
        if (tally.succeedsLessThan(settings.minSuccessPercent())) {
            return Optional.of(new Reason.LowSuccess(tally.requests(), tally.failed()));
        }
        return tally.p95IsSlow()
                ? Optional.of(new Reason.HighP95(tally.requests(), Duration.ofNanos(tally.p95Nanos())))
                : Optional.empty();
    }

    private State open(State.Closed closed, long bucket, Reason reason) {
        long sinceNanos = closed.startNanos() + bucket * bucketNanos;
        return new State.Open(
                closed.epoch() + 1, sinceNanos + settings.openFor().toNanos(), reason);
    }

    private State closed(State.Closed closed, List<Bucket> window, long bucket, OptionalLong sickSince, Tally tally) {
        Bucket current = new Bucket(bucket, closed.startNanos() + (bucket + 1) * bucketNanos);
        return new State.Closed(
                closed.epoch(), closed.admitted(), closed.startNanos(), window, current, sickSince, tally);
    }
}
