package io.edgedownload.coordinator;

import io.edgedownload.etcd.EtcdLeased;
import io.smallrye.mutiny.subscription.Cancellable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Standings in etcd, under this coordinator's lease. One thread talks to etcd; what is to be done is noted by instance, so that it is
 * bounded however long etcd is away, and done when it is back.
 */
final class EtcdStore implements Store {
    private static final Logger LOG = Logger.getLogger(EtcdStore.class);

    private static final String EDGES = "edges/";
    private static final String DRAINS = "drains/";

    /** Between two attempts while etcd is away, and at least between two readings of all. */
    private static final long PAUSE_MILLIS = 200;

    private final EtcdLeased etcd;
    private final Duration lease;
    private final Duration drain;
    private final Semaphore work = new Semaphore(0);
    private final Map<String, CompletableFuture<Optional<Standing>>> sought = new ConcurrentHashMap<>();
    private final Map<String, Kept> ours = new ConcurrentHashMap<>();
    private final Set<String> unsaved = ConcurrentHashMap.newKeySet();
    private final Map<String, Standing> leaving = new ConcurrentHashMap<>();
    private final Map<String, Boolean> drains = new ConcurrentHashMap<>();
    private final AtomicBoolean stale = new AtomicBoolean(true);
    private final AtomicReference<Seen> seen = new AtomicReference<>(new Seen(Map.of(), Set.of()));
    private final AtomicReference<@Nullable Cancellable> watching = new AtomicReference<>();
    private volatile Runnable changed = () -> {};
    private volatile boolean reached;
    private volatile boolean told;
    private volatile boolean closed;

    private record Kept(Standing standing, Runnable stored) {}

    private record Seen(Map<String, Standing> standings, Set<String> drained) {}

    /**
     * @param lease how long what we stored stays without us
     * @param drain how long an instance is drained at most
     */
    EtcdStore(EtcdLeased etcd, Duration lease, Duration drain) {
        this.etcd = etcd;
        this.lease = lease;
        this.drain = drain;
    }

    @Override
    public void start(Runnable changes) {
        changed = changes;
        Thread.ofVirtual().name("coordinator-etcd").start(this::run);
    }

    @Override
    public CompletionStage<Optional<Standing>> find(String instance) {
        CompletableFuture<Optional<Standing>> asked = sought.computeIfAbsent(instance, _ -> new CompletableFuture<>());
        work.release();
        return asked;
    }

    @Override
    public void keep(Standing standing, Runnable stored) {
        ours.put(standing.instance(), new Kept(standing, stored));
        unsaved.add(standing.instance());
        work.release();
    }

    @Override
    public void leave(Standing standing) {
        ours.remove(standing.instance());
        leaving.put(standing.instance(), standing);
        work.release();
    }

    @Override
    public void drain(String instance, boolean wanted) {
        drains.put(instance, wanted);
        work.release();
    }

    @Override
    public Map<String, Standing> all() {
        return seen.get().standings();
    }

    @Override
    public Set<String> drained() {
        return seen.get().drained();
    }

    @Override
    public boolean reached() {
        return reached;
    }

    private void run() {
        long patienceMillis = 0;
        while (!closed) {
            try {
                // What was noted meanwhile is done together.
                if (work.tryAcquire(patienceMillis, TimeUnit.MILLISECONDS)) {
                    work.drainPermits();
                }
                round();
                patienceMillis = lease.toMillis() / 3;
            } catch (IOException e) {
                away(String.valueOf(e.getMessage()));
                patienceMillis = PAUSE_MILLIS;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void round() throws IOException, InterruptedException {
        if (!etcd.renew()) {
            unsaved.addAll(ours.keySet());
            stale.set(true);
        }
        answer();
        save();
        if (watching.get() == null) {
            watching.set(etcd.watch(this::changedThere, _ -> watching.set(null)));
            stale.set(true);
        }
        if (stale.getAndSet(false)) {
            read();
        }
        if (!reached || !told) {
            LOG.info("the fleet is shared through etcd");
        }
        reached = true;
        told = true;
    }

    private void answer() throws IOException, InterruptedException {
        for (String instance : Set.copyOf(sought.keySet())) {
            String text = etcd.value(EDGES + instance);
            var asked = sought.remove(instance);
            if (asked != null) {
                asked.complete(Optional.ofNullable(text).map(StandingJson::read));
            }
        }
    }

    private void save() throws IOException, InterruptedException {
        for (Map.Entry<String, Boolean> each : Map.copyOf(drains).entrySet()) {
            if (each.getValue()) {
                etcd.put(DRAINS + each.getKey(), "{}", drain);
            } else {
                etcd.delete(DRAINS + each.getKey());
            }
            drains.remove(each.getKey(), each.getValue());
        }
        for (Standing standing : List.copyOf(leaving.values())) {
            etcd.leave(
                    EDGES + standing.instance(), StandingJson.stored(standing).encode(), lease);
            leaving.remove(standing.instance(), standing);
        }
        for (String instance : Set.copyOf(unsaved)) {
            // Taken out first: what is kept while it is being stored is stored again.
            unsaved.remove(instance);
            save(instance);
        }
    }

    private void save(String instance) throws IOException, InterruptedException {
        Kept kept = ours.get(instance);
        if (kept == null) {
            return;
        }
        try {
            etcd.put(EDGES + instance, StandingJson.stored(kept.standing()).encode());
        } catch (IOException e) {
            unsaved.add(instance);
            throw e;
        }
        kept.stored().run();
    }

    private void read() throws IOException, InterruptedException {
        Map<String, Standing> standings = new HashMap<>();
        Set<String> drained = new HashSet<>();
        try {
            etcd.values().forEach((name, text) -> {
                if (name.startsWith(DRAINS)) {
                    drained.add(name.substring(DRAINS.length()));
                } else if (name.startsWith(EDGES)) {
                    Optional.ofNullable(StandingJson.read(text))
                            .ifPresent(each -> standings.put(each.instance(), each));
                }
            });
        } catch (IOException e) {
            stale.set(true);
            throw e;
        }
        seen.set(new Seen(Map.copyOf(standings), Set.copyOf(drained)));
        changed.run();
    }

    private void changedThere() {
        stale.set(true);
        work.release();
    }

    /** Nobody waits for etcd: a stream goes on from what was last seen. */
    private void away(String reason) {
        Set.copyOf(sought.keySet()).forEach(instance -> {
            var asked = sought.remove(instance);
            if (asked != null) {
                asked.complete(Optional.ofNullable(all().get(instance)));
            }
        });
        if (reached || !told) {
            LOG.warnf("etcd cannot be reached (%s); until it can, each coordinator knows its own edges only", reason);
        }
        reached = false;
        told = true;
    }

    @Override
    public void close() {
        closed = true;
        work.release();
        Cancellable watch = watching.getAndSet(null);
        if (watch != null) {
            watch.cancel();
        }
    }
}
