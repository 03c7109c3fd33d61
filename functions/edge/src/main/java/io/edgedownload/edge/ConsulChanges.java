package io.edgedownload.edge;

import io.edgedownload.engine.time.Timer;
import jakarta.ws.rs.WebApplicationException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Hears of changes that other instances make to the catalog in Consul, by blocking queries (HTTP API, Features) on the entry that each
 * writer touches. While Consul is away it tries again, ever less often; changes are then seen after the freshness.
 */
final class ConsulChanges implements AutoCloseable {
    /** Shorter than the client waits for an answer. */
    private static final String WAIT = "20s";

    /** Between two queries, however many changes there are. */
    private static final Duration GAP = Duration.ofMillis(100);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ConsulKeyValue consul;
    private final String key;
    private final @Nullable String token;
    private final Runnable changed;
    private final Timer timer;
    private final Executor executor;
    private volatile boolean closed;

    /** @param changed called on a thread that may block */
    ConsulChanges(
            ConsulKeyValue consul,
            String prefix,
            @Nullable String token,
            Runnable changed,
            Timer timer,
            Executor executor) {
        this.consul = consul;
        this.key = prefix + ConsulDocuments.TOUCHED;
        this.token = token;
        this.changed = changed;
        this.timer = timer;
        this.executor = executor;
    }

    void start() {
        ask(0, GAP);
    }

    /** @param known the index of the last answer; 0 for none */
    private void ask(long known, Duration pause) {
        if (closed) {
            return;
        }
        var _ = consul.watch(key, known, WAIT, token)
                .whenCompleteAsync(
                        (answer, failure) -> {
                            String index = failure == null
                                    ? answer.getHeaderString(ConsulKeyValue.INDEX)
                                    : indexOfMissing(failure);
                            if (index == null || !index.matches("[0-9]{1,18}")) {
                                later(0, longer(pause));
                                return;
                            }
                            long now = Long.parseLong(index);
                            if (known != 0 && now != known && !closed) {
                                changed.run();
                            }
                            // One that went back is of another Consul, or of one that was restored.
                            later(now < known ? 0 : now, GAP);
                        },
                        executor);
    }

    private void later(long known, Duration pause) {
        Duration spread = pause.plusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() + 1));
        timer.after(spread, () -> ask(known, pause));
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    /** Nobody has written yet: that has an index too. */
    private static @Nullable String indexOfMissing(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof WebApplicationException answered
                        && answered.getResponse().getStatus() == 404
                ? answered.getResponse().getHeaderString(ConsulKeyValue.INDEX)
                : null;
    }

    @Override
    public void close() {
        closed = true;
    }
}
