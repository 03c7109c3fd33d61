package io.edgedownload.edge;

import io.quarkus.logging.LoggingFilter;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Filter;
import java.util.logging.LogRecord;

/**
 * Keeps clients from filling the log: of what Vert.x, Netty and Quarkus say, with stack traces, about each connection that brings no
 * HTTP, one record a minute and logger is written. What the functions say themselves is left alone.
 */
@LoggingFilter(name = "client-noise")
public final class ClientNoise implements Filter {
    private static final Set<String> NOISY = Set.of(
            "io.vertx.core.net.impl.ConnectionBase",
            "io.netty.channel.AbstractChannelHandlerContext",
            "io.netty.channel.DefaultChannelPipeline",
            "io.netty.util.concurrent.DefaultPromise",
            "io.quarkus.vertx.http.runtime.QuarkusErrorHandler");

    private static final long EVERY_MILLIS = Duration.ofMinutes(1).toMillis();

    private final Map<String, Long> writtenMillis = new ConcurrentHashMap<>();

    @Override
    public boolean isLoggable(LogRecord record) {
        String logger = record.getLoggerName();
        if (logger == null || !NOISY.contains(logger)) {
            return true;
        }
        long nowMillis = record.getInstant().toEpochMilli();
        Long lastMillis = writtenMillis.get(logger);
        if (lastMillis == null) {
            return writtenMillis.putIfAbsent(logger, nowMillis) == null;
        }
        // A clock that was set back must not silence it.
        return Math.abs(nowMillis - lastMillis) >= EVERY_MILLIS && writtenMillis.replace(logger, lastMillis, nowMillis);
    }
}
