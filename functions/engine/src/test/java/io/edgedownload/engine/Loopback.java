package io.edgedownload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.engine.breaker.Breaker;
import io.edgedownload.engine.breaker.Breakers;
import io.edgedownload.engine.breaker.RetryBudget;
import io.edgedownload.engine.connect.Connector;
import io.edgedownload.engine.connect.Connectors;
import io.edgedownload.engine.fetch.Fetcher;
import io.edgedownload.engine.resolve.LocalResolver;
import io.edgedownload.engine.resolve.Resolver;
import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.verify.Verifier;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Fetches from 127.0.0.1 to 3 and sees at its end that no buffer was lost. */
final class Loopback {
    private final Vertx vertx = Vertx.vertx();
    private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true);
    private final Connector connector = Connectors.to("127.0.0.0/30", vertx);
    private final Fetcher fetcher;

    Loopback() {
        this(LocalResolver.create());
    }

    Loopback(Resolver resolver) {
        this.fetcher = new Fetcher(
                vertx,
                resolver,
                connector,
                buffers,
                new Fetcher.Limits(Duration.ofSeconds(5), Duration.ofSeconds(20), 1_000, Duration.ofSeconds(5)));
    }

    Fetcher fetcher() {
        return fetcher;
    }

    OriginTier originTier(AttemptListener listener) {
        return originTier(listener, Breaker.Settings.DEFAULTS, RetryBudget.Settings.DEFAULTS, Ticker.system());
    }

    OriginTier originTier(
            AttemptListener listener, Breaker.Settings breaker, RetryBudget.Settings retries, Ticker ticker) {
        return originTier(listener, breaker, retries, false, ticker);
    }

    /** One that asks another address too when an answer is late. */
    OriginTier hedgingTier(AttemptListener listener, Breaker.Settings breaker) {
        return originTier(listener, breaker, RetryBudget.Settings.DEFAULTS, true, Ticker.system());
    }

    ChunkFetch chunkFetch(AttemptListener listener, Ticker ticker) {
        return new ChunkFetch(fetcher, new Verifier(ticker), listener);
    }

    private OriginTier originTier(
            AttemptListener listener,
            Breaker.Settings breaker,
            RetryBudget.Settings retries,
            boolean hedging,
            Ticker ticker) {
        return new OriginTier(
                chunkFetch(listener, ticker),
                new Breakers(10, breaker, _ -> {}, ticker),
                new RetryBudget(retries, ticker),
                new Quarantine(Duration.ofSeconds(60), ticker),
                Duration.ofMillis(50),
                hedging,
                ticker);
    }

    void close() throws Exception {
        connector.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        assertEquals(0, buffers.metric().usedDirectMemory());
    }
}
