package io.edgedownload.edge;

import io.edgedownload.engine.AttemptListener;
import io.edgedownload.engine.fetch.Course;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.fleet.v1.EventKind;
import io.opentelemetry.context.Scope;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;

/** Makes metrics and spans of attempts at sources. */
@Singleton
final class FetchTelemetry implements AttemptListener {
    /** The reason of attempts that were interrupted, beside the kinds of failures. */
    private static final String ABANDONED = "abandoned";

    private final LoadMetrics metrics;
    private final FetchSpans spans;
    private final FleetReports reports;

    FetchTelemetry(LoadMetrics metrics, FetchSpans spans, FleetReports reports) {
        this.metrics = metrics;
        this.spans = spans;
        this.reports = reports;
    }

    @Override
    public Watch begin(Goal goal) {
        FetchSpan span = spans.begin(goal);
        return new Watch() {
            @Override
            public Map<String, String> fields() {
                return span.fields();
            }

            @Override
            public void delivered(int lengthBytes, Course course) {
                span.end(course);
                metrics.delivered(goal, lengthBytes, course);
            }

            @Override
            public void failed(Failure failure, Course course) {
                span.fail(name(failure.kind()), failure.layer(), failure.detail(), course);
                metrics.failed(goal, name(failure.kind()), course);
                if (failure.kind() == Failure.Kind.INTEGRITY) {
                    try (Scope _ = span.span().makeCurrent()) {
                        reports.happened(
                                EventKind.EVENT_KIND_INTEGRITY_FAILURE,
                                goal.id().value());
                    }
                }
            }

            @Override
            public void outrun(Course course) {
                span.outrun(course);
                metrics.outrun(goal, course);
            }

            @Override
            public void abandoned(Course course) {
                span.fail(ABANDONED, null, "the attempt was interrupted", course);
                metrics.failed(goal, ABANDONED, course);
            }
        };
    }

    /** As values of tags and attributes are written. */
    static String name(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
