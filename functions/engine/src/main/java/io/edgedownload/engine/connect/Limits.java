package io.edgedownload.engine.connect;

import java.time.Duration;

/**
 * What bounds connections; can be replaced while requests run.
 *
 * @param perOrigin connections to one origin, in use or idle; at least 1
 * @param total connections to all origins, in use or idle; at least 1
 * @param waiting requests that may wait for one of an origin's connections
 * @param tenantShare the part of {@code perOrigin} and of {@code waiting} that one tenant can have, over 0 to 1
 */
public record Limits(int perOrigin, int total, int waiting, double tenantShare, Timeouts timeouts, Probing probing) {
    /**
     * @param idle how long a connection is kept without a request; whole seconds
     * @param connect for the TCP connection to one address
     * @param handshake for TLS on it
     * @param stagger after which the next address is tried beside one that has not answered (RFC 8305 §5: 250 ms)
     * @param grace how long over its time a lease may be held before it is taken back
     */
    public record Timeouts(Duration idle, Duration connect, Duration handshake, Duration stagger, Duration grace) {}

    /**
     * How the health of addresses is watched.
     *
     * @param interval between two probes of an address
     * @param timeout for one probe, shorter than {@code interval}
     * @param failures in a row after which an address is demoted, at least 1
     * @param drainPause after connections of an origin were drained, until others of it may be
     */
    public record Probing(Duration interval, Duration timeout, int failures, Duration drainPause) {
        public Probing {
            if (!timeout.isPositive() || timeout.compareTo(interval) >= 0 || failures < 1 || drainPause.isNegative()) {
                throw new IllegalArgumentException("no way to probe: every " + interval + " for " + timeout + ", "
                        + failures + " failures, draining every " + drainPause);
            }
        }
    }

    public Limits {
        if (perOrigin < 1 || total < 1 || waiting < 0 || !(tenantShare > 0 && tenantShare <= 1)) {
            throw new IllegalArgumentException("no limits for connections: " + perOrigin + " to an origin, " + total
                    + " in total, " + waiting + " waiting, a tenant's share of " + tenantShare);
        }
    }

    /** How many of an origin's connections the tenant can hold. */
    int places(String tenant) {
        return tenant.isEmpty() ? perOrigin : Math.max(1, (int) (perOrigin * tenantShare));
    }

    /** How many requests of the tenant may wait for one of an origin's connections. */
    int waiting(String tenant) {
        return tenant.isEmpty() || waiting == 0 ? waiting : Math.max(1, (int) (waiting * tenantShare));
    }
}
