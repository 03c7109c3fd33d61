package io.edgedownload.coordinator;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** The memory of a coordinator that has no others beside it. What it knows goes with it. */
final class AloneStore implements Store {
    private final Vertx vertx;
    private final Duration remembered;
    private final Duration drain;
    private final Map<String, Standing> left = new ConcurrentHashMap<>();
    private final Set<String> drained = ConcurrentHashMap.newKeySet();
    private volatile Runnable changed = () -> {};

    /**
     * @param remembered how long an instance counts after its stream has ended
     * @param drain how long one is drained at most
     */
    AloneStore(Vertx vertx, Duration remembered, Duration drain) {
        this.vertx = vertx;
        this.remembered = remembered;
        this.drain = drain;
    }

    @Override
    public void start(Runnable changes) {
        changed = changes;
    }

    @Override
    public CompletionStage<Optional<Standing>> find(String instance) {
        return CompletableFuture.completedFuture(Optional.ofNullable(left.get(instance)));
    }

    @Override
    public void keep(Standing standing, Runnable stored) {
        left.remove(standing.instance());
        stored.run();
    }

    @Override
    public void leave(Standing standing) {
        left.put(standing.instance(), standing);
        vertx.setTimer(remembered.toMillis(), _ -> {
            if (left.remove(standing.instance(), standing)) {
                changed.run();
            }
        });
    }

    @Override
    public void drain(String instance, boolean wanted) {
        if (wanted) {
            drained.add(instance);
            vertx.setTimer(drain.toMillis(), _ -> drain(instance, false));
        } else {
            drained.remove(instance);
        }
        changed.run();
    }

    @Override
    public Map<String, Standing> all() {
        return Map.copyOf(left);
    }

    @Override
    public Set<String> drained() {
        return Set.copyOf(drained);
    }

    @Override
    public boolean reached() {
        return true;
    }

    @Override
    public void close() {
        left.clear();
    }
}
