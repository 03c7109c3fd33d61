package io.edgedownload.edge;

import java.time.Duration;
import org.jboss.logging.Logger;

/** Tells operators which limit was ordered, where nothing can hold it. */
final class LoggedLimits implements EgressLimits {
    private static final Logger LOG = Logger.getLogger(LoggedLimits.class);

    @Override
    public void set(String source, long bytesPerSecond, Duration holds) {
        LOG.warnf("%s orders to send at most %d bytes a second for %s", source, bytesPerSecond, holds);
    }

    @Override
    public void lift(String source) {
        LOG.infof("%s orders no limit any more", source);
    }
}
