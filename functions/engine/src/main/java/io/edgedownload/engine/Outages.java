package io.edgedownload.engine;

import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Knows of which downloads nothing can be loaded, neither from their sources nor from S3, so that only what is kept here can be
 * delivered: the degraded mode. A download enters it when all its loads have failed for a while, and leaves it with the first one
 * that succeeds.
 */
public final class Outages {
    /** More at once are not told apart: then all is lost anyway. */
    private static final int MAX_DOWNLOADS = 1_000;

    /** After that long without a load an outage is forgotten: nobody knows. */
    private static final Duration LASTS = Duration.ofMinutes(10);

    private static final long TAKEN_NOTE_OF_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

    /** A load that had less time says nothing of the sources: its caller was in a hurry. */
    private static final long HURRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final Duration after;
    private final Listener listener;
    private final Ticker ticker;
    private final AtomicReference<Map<Key, Outage>> state = new AtomicReference<>(Map.of());

    /** Hears when the first download enters the degraded mode, and when the last one has left it. */
    public interface Listener {
        void entered(DownloadId first, Failure failure);

        void left(DownloadId last);
    }

    private record Key(DownloadId id, String generation) {
        static Key of(Manifest manifest) {
            return new Key(manifest.id(), manifest.generation());
        }
    }

    private record Outage(long firstNanos, long lastNanos, boolean entered) {}

    /** @param after for how long all loads of a download must have failed */
    public Outages(Duration after, Listener listener, Ticker ticker) {
        this.after = after;
        this.listener = listener;
        this.ticker = ticker;
    }

    /** Whether only what is kept can be delivered of it. Costs next to nothing while all is well. */
    public boolean concern(Manifest manifest) {
        Map<Key, Outage> now = state.get();
        if (now.isEmpty()) {
            return false;
        }
        Outage outage = now.get(Key.of(manifest));
        return outage != null && outage.entered() && !isForgotten(outage);
    }

    /** How many downloads are in the degraded mode. */
    public int count() {
        return (int) state.get().values().stream()
                .filter(outage -> outage.entered() && !isForgotten(outage))
                .count();
    }

    /** A load of the download succeeded. */
    public void ended(Manifest manifest) {
        Key key = Key.of(manifest);
        while (true) {
            Map<Key, Outage> before = state.get();
            if (!before.containsKey(key)) {
                return;
            }
            Map<Key, Outage> after = new HashMap<>(before);
            after.remove(key);
            if (state.compareAndSet(before, Map.copyOf(after))) {
                if (anyEntered(before) && !anyEntered(after)) {
                    listener.left(manifest.id());
                }
                return;
            }
        }
    }

    /**
     * A load of the download failed everywhere.
     *
     * @param tookNanos how long it had
     */
    public void failed(Manifest manifest, Failure failure, long tookNanos) {
        if (!isOutage(failure, tookNanos)) {
            return;
        }
        Key key = Key.of(manifest);
        while (true) {
            Map<Key, Outage> before = state.get();
            Outage outage = next(before.get(key));
            if (outage == null || (before.size() >= MAX_DOWNLOADS && !before.containsKey(key))) {
                return;
            }
            Map<Key, Outage> after = new HashMap<>(before);
            after.values().removeIf(this::isForgotten);
            after.put(key, outage);
            if (state.compareAndSet(before, Map.copyOf(after))) {
                if (!anyEntered(before) && anyEntered(after)) {
                    listener.entered(manifest.id(), failure);
                }
                return;
            }
        }
    }

    /** What the outage becomes, or null when it need not be noted. */
    private @Nullable Outage next(@Nullable Outage before) {
        long nowNanos = ticker.nanos();
        if (before == null || isForgotten(before)) {
            return new Outage(nowNanos, nowNanos, after.isZero());
        }
        boolean entered = before.entered() || nowNanos - before.firstNanos() >= after.toNanos();
        boolean noted = entered == before.entered() && nowNanos - before.lastNanos() < TAKEN_NOTE_OF_EVERY_NANOS;
        return noted ? null : new Outage(before.firstNanos(), nowNanos, entered);
    }

    private boolean anyEntered(Map<Key, Outage> outages) {
        return outages.values().stream().anyMatch(outage -> outage.entered() && !isForgotten(outage));
    }

    private boolean isForgotten(Outage outage) {
        return ticker.nanos() - outage.lastNanos() >= LASTS.toNanos();
    }

    private static boolean isOutage(Failure failure, long tookNanos) {
        return switch (failure.kind()) {
            case TIMEOUT -> tookNanos >= HURRY_NANOS;
            case NAME, TLS, BUSY, BREAKER_OPEN, SERVER_ERROR, CUT, UNREACHABLE -> true;
            case INTEGRITY, LIED, NO_RANGE, CHANGED, FORBIDDEN_ADDRESS, TENANT_SHARE, OVERLOAD, ACCESS, MISSING ->
                false;
        };
    }
}
