package io.edgedownload.edge;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdkBuilder;
import io.quarkus.opentelemetry.runtime.AutoConfiguredOpenTelemetrySdkBuilderCustomizer;
import io.quarkus.opentelemetry.runtime.exporter.otlp.tracing.LateBoundSpanProcessor;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Beside what the configured sampler wants, exports errors and what is slow. */
@Singleton
final class TraceSampling implements AutoConfiguredOpenTelemetrySdkBuilderCustomizer {
    private final KeptTraces kept;
    private final boolean off;

    /** @param exporter of what is sampled */
    TraceSampling(
            LateBoundSpanProcessor exporter,
            EdgeConfig config,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled") boolean off) {
        Duration slow = config.trace().slow();
        this.kept = new KeptTraces(exporter, slow);
        this.off = off || slow.isZero();
    }

    @Override
    public void customize(AutoConfiguredOpenTelemetrySdkBuilder builder) {
        if (!off) {
            builder.addSamplerCustomizer((configured, _) -> new RecordingSampler(configured))
                    .addTracerProviderCustomizer((provider, _) -> provider.addSpanProcessor(kept));
        }
    }

    void watch(@Observes StartupEvent started, MeterRegistry registry) {
        if (!off) {
            FunctionCounter.builder("edge.trace.lost", kept, KeptTraces::lost)
                    .description("Spans that there was no room for until it was known whether to export them")
                    .register(registry);
        }
    }
}
