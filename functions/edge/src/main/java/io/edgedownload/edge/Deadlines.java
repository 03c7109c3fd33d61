package io.edgedownload.edge;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.vertx.core.MultiMap;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How long a request may take: the earliest of what is configured, what the platform leaves, and what the caller says in
 * milliseconds or as a moment. It is decided once, when the request is let in; from then on only the ticker counts.
 */
@Singleton
final class Deadlines {
    /** Sent by Envoy, and so by Knative's ingress: what the caller will wait for, in milliseconds. */
    private static final String CALLERS_TIMEOUT = "x-envoy-expected-rq-timeout-ms";

    /** The extension attribute {@code deadline} of a CloudEvent in binary mode, or of no event at all; its type is Timestamp. */
    private static final String CALLERS_MOMENT = "ce-deadline";

    /** RFC 3339 §5.6, with at most nine digits of a second. None of it needs the percent-encoding of other attributes. */
    private static final Pattern TIMESTAMP = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt]"
            + "[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?([Zz]|[+-][0-9]{2}:[0-9]{2})");

    private final Duration total;
    private final PlatformTime platform;
    private final InstantSource clock;
    private final Ticker ticker;

    Deadlines(EdgeConfig config, PlatformTime platform, InstantSource clock, Ticker ticker) {
        this.total = config.deadline().total();
        this.platform = platform;
        this.clock = clock;
        this.ticker = ticker;
    }

    /** What became of the time of a request. */
    sealed interface Given {
        record Until(Deadline deadline) implements Given {}

        /** There is none: the moment is not valid, or over. */
        record Refused(Problem problem) implements Given {}
    }

    /** The deadline of a call that came without a request. */
    Deadline configured() {
        return Deadline.after(total, ticker);
    }

    /** The deadline of a request with these fields. */
    Given of(MultiMap fields) {
        return of(fields, List.of());
    }

    /**
     * The deadline of a request with these fields that brought an event.
     *
     * @param attributes the event's attribute {@code deadline}, if it is in the body
     */
    Given of(MultiMap fields, List<String> attributes) {
        List<String> moments = Stream.concat(fields.getAll(CALLERS_MOMENT).stream(), attributes.stream())
                .toList();
        Deadline deadline = patience(
                fields, platform.remaining(fields).map(configured()::within).orElseGet(this::configured));
        if (!moments.isEmpty()) {
            try {
                deadline = deadline.until(moment(moments), clock);
            } catch (DateTimeException e) {
                return new Given.Refused(
                        Problem.of(
                                ProblemType.BAD_REQUEST,
                                attributes.isEmpty()
                                        ? "The field ce-deadline must be one timestamp such as 2026-01-01T00:00:00Z (RFC 3339)."
                                        : "The event's attribute 'deadline' must be one timestamp such as 2026-01-01T00:00:00Z (RFC 3339)."));
            }
        }
        return deadline.passed()
                ? new Given.Refused(Problem.of(ProblemType.DEADLINE, "The deadline had passed when the request came."))
                : new Given.Until(deadline);
    }

    /** The caller's patience where it is less; zero is Envoy's word for endless, and what is no number is left out of account. */
    private static Deadline patience(MultiMap fields, Deadline deadline) {
        String sent = fields.get(CALLERS_TIMEOUT);
        if (sent == null || !sent.matches("[0-9]{1,12}")) {
            return deadline;
        }
        long millis = Long.parseLong(sent);
        return millis == 0 ? deadline : deadline.within(Duration.ofMillis(millis));
    }

    private static Instant moment(List<String> lines) {
        String sent = lines.getFirst();
        if (lines.size() > 1 || !TIMESTAMP.matcher(sent).matches()) {
            throw new DateTimeException("not one timestamp");
        }
        return Instant.parse(sent);
    }
}
