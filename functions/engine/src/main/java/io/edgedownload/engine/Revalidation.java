package io.edgedownload.engine;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Knows which generations are still their sources' present state. A generation and its freshness cost one conditional request,
 * however many chunks are delivered meanwhile: the first caller after its end starts it, and only a generation that is too old to
 * be used makes callers wait for the answer.
 */
public final class Revalidation {
    private static final int MAX_GENERATIONS = 10_000;
    private static final Standing CURRENT = new Standing.Current();

    /** After a check that failed, so that sources in trouble are not asked by every request. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Lifetime lifetime;
    private final Check check;
    private final Executor executor;
    private final Listener listener;
    private final InstantSource wall;
    private final Ticker ticker;
    private final Cache<Generation, AtomicReference<Trust>> generations = Caffeine.newBuilder()
            .maximumSize(MAX_GENERATIONS)
            .executor(Runnable::run)
            .build();

    /** Asks the sources. Blocks, within a time of its own. */
    @FunctionalInterface
    public interface Check {
        Checked check(Manifest manifest) throws InterruptedException;
    }

    /** What the sources said. */
    public sealed interface Checked {
        record Unchanged() implements Checked {}

        /** @param generation that the catalog has now */
        record Replaced(String generation) implements Checked {}

        record Failed(Failure failure) implements Checked {}
    }

    /** Hears of every check at its end. */
    @FunctionalInterface
    public interface Listener {
        void checked(Manifest manifest, Checked checked);
    }

    /** Published again it is confirmed again, and so another one here. */
    private record Generation(DownloadId id, String name, Instant publishedAt) {
        static Generation of(Manifest manifest) {
            return new Generation(manifest.id(), manifest.generation(), manifest.publishedAt());
        }
    }

    /**
     * @param confirmedNanos when the sources said so
     * @param doubted whether something was seen since that contradicts it
     * @param answer of the check that is under way
     * @param refusal of the last check since then
     */
    private record Trust(
            long confirmedNanos,
            boolean doubted,
            @Nullable CompletableFuture<Standing> answer,
            @Nullable Refusal refusal) {
        static Trust since(long confirmedNanos) {
            return new Trust(confirmedNanos, false, null, null);
        }

        Trust asking(CompletableFuture<Standing> check) {
            return new Trust(confirmedNanos, doubted, check, refusal);
        }

        Trust refused(Failure failure, long nowNanos) {
            return new Trust(confirmedNanos, doubted, null, new Refusal(failure, nowNanos));
        }
    }

    private record Refusal(Failure failure, long atNanos) {}

    /** @param executor runs each check on a thread of its own that may block */
    public Revalidation(
            Lifetime lifetime, Check check, Executor executor, Listener listener, InstantSource wall, Ticker ticker) {
        this.lifetime = lifetime;
        this.check = check;
        this.executor = executor;
        this.listener = listener;
        this.wall = wall;
        this.ticker = ticker;
    }

    /**
     * Whether the generation may be delivered now; starts a check when one is due. Never blocks.
     *
     * @param deadline by which the answer to {@link Standing.Asking} is there
     */
    public Standing of(Manifest manifest, Deadline deadline) {
        Trust trust = checked(manifest, trust(manifest));
        if (!isDue(trust)) {
            return CURRENT;
        }
        Standing otherwise = standing(trust);
        CompletableFuture<Standing> answer = trust.answer();
        if (answer == null || !needsAnswer(trust, otherwise)) {
            return otherwise;
        }
        // A copy: whoever loses patience must not answer for all.
        return new Standing.Asking(answer.copy()
                .completeOnTimeout(
                        otherwise, deadline.within(lifetime.patience()).remainingNanos(), TimeUnit.NANOSECONDS));
    }

    /** What is known, after a check was started when one is due. */
    private Trust checked(Manifest manifest, AtomicReference<Trust> trust) {
        while (true) {
            Trust now = trust.get();
            if (!isDue(now) || now.answer() != null || isPausing(now)) {
                return now;
            }
            CompletableFuture<Standing> answer = new CompletableFuture<>();
            Trust asking = now.asking(answer);
            if (trust.compareAndSet(now, asking)) {
                executor.execute(() -> ask(manifest, trust, answer));
                return asking;
            }
        }
    }

    /** Whether the last check failed, so that what is delivered is stale. Never blocks. */
    public boolean isStale(Manifest manifest) {
        AtomicReference<Trust> trust = generations.getIfPresent(Generation.of(manifest));
        return trust != null && trust.get().refusal() != null && isDue(trust.get());
    }

    /** An answer contradicted the generation: it is checked before its time. */
    public void doubt(Manifest manifest) {
        AtomicReference<Trust> trust = trust(manifest);
        // Just confirmed, it is one source that differs from the others: every chunk would have them asked again.
        if (age(trust.get()) >= PAUSE.toNanos()) {
            trust.updateAndGet(before -> new Trust(before.confirmedNanos(), true, before.answer(), before.refusal()));
            var _ = checked(manifest, trust);
        }
    }

    private AtomicReference<Trust> trust(Manifest manifest) {
        return generations.get(
                Generation.of(manifest),
                generation -> new AtomicReference<>(Trust.since(ticker.nanos() - sincePublished(generation))));
    }

    /** Another instance may have published it, long ago. */
    private long sincePublished(Generation generation) {
        Duration age = Duration.between(generation.publishedAt(), wall.instant());
        if (age.isNegative()) {
            return 0;
        }
        // At most so old that a check is due: the first request to a new instance must not wait for a sick origin.
        return (age.compareTo(lifetime.fresh()) > 0 ? lifetime.fresh() : age).toNanos();
    }

    private boolean isDue(Trust trust) {
        return trust.doubted() || age(trust) >= lifetime.fresh().toNanos();
    }

    private boolean isPausing(Trust trust) {
        Refusal refusal = trust.refusal();
        return refusal != null && ticker.nanos() - refusal.atNanos() < PAUSE.toNanos();
    }

    private long age(Trust trust) {
        return ticker.nanos() - trust.confirmedNanos();
    }

    /** Of a generation that is due, without waiting for anybody. */
    private Standing standing(Trust trust) {
        long staleNanos = age(trust) - lifetime.fresh().toNanos();
        Refusal refusal = trust.refusal();
        if (refusal != null) {
            return without(refusal.failure(), staleNanos);
        }
        return staleNanos < lifetime.staleWhileRevalidate().toNanos()
                ? CURRENT
                : without(Failure.of(Kind.TIMEOUT, "the sources take too long to answer"), staleNanos);
    }

    /** Whether the answer may make it better; what was refused just now is not waited for again while it can be used. */
    private static boolean needsAnswer(Trust trust, Standing otherwise) {
        return switch (otherwise) {
            case Standing.Expired _ -> true;
            case Standing.Stale _ -> trust.refusal() == null;
            case Standing.Current _, Standing.Superseded _, Standing.Asking _ -> false;
        };
    }

    private Standing without(Failure failure, long staleNanos) {
        return staleNanos < lifetime.staleIfError().toNanos()
                ? new Standing.Stale(failure)
                : new Standing.Expired(failure);
    }

    private void ask(Manifest manifest, AtomicReference<Trust> trust, CompletableFuture<Standing> answer) {
        Checked checked = answered(manifest);
        Trust after = trust.updateAndGet(before -> switch (checked) {
            case Checked.Unchanged(), Checked.Replaced _ -> Trust.since(ticker.nanos());
            case Checked.Failed(Failure failure) -> before.refused(failure, ticker.nanos());
        });
        if (checked instanceof Checked.Replaced) {
            generations.invalidate(Generation.of(manifest));
        }
        listener.checked(manifest, checked);
        answer.complete(
                switch (checked) {
                    case Checked.Unchanged() -> CURRENT;
                    case Checked.Replaced _ -> new Standing.Superseded();
                    case Checked.Failed _ -> standing(after);
                });
    }

    private Checked answered(Manifest manifest) {
        try {
            return check.check(manifest);
        } catch (InterruptedException | RuntimeException | Error e) {
            // A check that does not end would be waited for for ever.
            return new Checked.Failed(Failure.of(Kind.UNREACHABLE, "the check failed: " + e));
        }
    }
}
