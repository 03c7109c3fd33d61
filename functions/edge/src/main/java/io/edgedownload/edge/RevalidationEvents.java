package io.edgedownload.edge;

import io.edgedownload.engine.Revalidation;
import io.edgedownload.engine.Revalidation.Checked;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Failure;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;

/** Tells operators what sources say of what was published. */
@Singleton
final class RevalidationEvents implements Revalidation.Listener {
    private static final Logger LOG = Logger.getLogger(RevalidationEvents.class);
    private static final String UNCHANGED = "unchanged";
    private static final String REPLACED = "replaced";
    private static final String FAILED = "failed";

    private final MeterRegistry registry;

    RevalidationEvents(MeterRegistry registry) {
        this.registry = registry;
        List.of(UNCHANGED, REPLACED, FAILED).forEach(this::count);
    }

    @Override
    public void checked(Manifest manifest, Checked checked) {
        switch (checked) {
            case Checked.Unchanged() -> count(UNCHANGED).increment();
            case Checked.Replaced(String generation) -> {
                LOG.infof(
                        "%s is generation %s now, was %s: the sources hold another object",
                        manifest.id().value(), generation, manifest.generation());
                count(REPLACED).increment();
            }
            case Checked.Failed(Failure failure) -> {
                LOG.warnf(
                        "%s cannot be revalidated, generation %s is delivered as stale: %s %s",
                        manifest.id().value(), manifest.generation(), failure.kind(), failure.detail());
                count(FAILED).increment();
            }
        }
    }

    private Counter count(String outcome) {
        return registry.counter("edge.revalidations", "outcome", outcome);
    }
}
