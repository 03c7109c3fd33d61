package io.edgedownload.edge;

import io.edgedownload.engine.connect.Limits;

/** The limits of connections, from their settings. */
final class ConnectLimits {
    private ConnectLimits() {}

    static Limits of(EdgeConfig.Connect config) {
        return new Limits(
                config.perOrigin(),
                config.total(),
                config.waiting(),
                config.tenantShare(),
                new Limits.Timeouts(
                        config.idleTimeout(),
                        config.timeout(),
                        config.tlsTimeout(),
                        config.attemptDelay(),
                        config.leakGrace()),
                new Limits.Probing(
                        config.probe().interval(),
                        config.probe().timeout(),
                        config.probe().failures(),
                        config.drainPause()));
    }
}
