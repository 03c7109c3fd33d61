package io.edgedownload.engine;

import java.time.Duration;

/**
 * How long a generation is used after the sources have confirmed it (RFC 5861). The second and the third begin when the first
 * has ended.
 *
 * @param fresh without asking
 * @param staleWhileRevalidate while the sources are being asked
 * @param staleIfError while none of them can be asked
 * @param patience of a request whose generation is too old to be used while the sources are asked
 */
public record Lifetime(Duration fresh, Duration staleWhileRevalidate, Duration staleIfError, Duration patience) {
    public Lifetime {
        if (fresh.isNegative()
                || staleWhileRevalidate.isNegative()
                || staleIfError.isNegative()
                || patience.isNegative()) {
            throw new IllegalArgumentException("a lifetime must not be negative");
        }
    }
}
