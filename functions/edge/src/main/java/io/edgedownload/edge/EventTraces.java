package io.edgedownload.edge;

import io.opentelemetry.context.propagation.TextMapPropagator;
import io.quarkus.opentelemetry.runtime.propagation.TextMapPropagatorCustomizer;
import jakarta.inject.Singleton;

/** Has requests take on the traces of the CloudEvents that they bring. */
@Singleton
final class EventTraces implements TextMapPropagatorCustomizer {
    @Override
    public TextMapPropagator customize(Context context) {
        return new EventPropagator(context.propagator());
    }
}
