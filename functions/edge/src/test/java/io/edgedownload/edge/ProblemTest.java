package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.fetch.Layer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a client hears when no source delivers. */
final class ProblemTest {
    private static final String STATUS_AND_TYPE_BY_KIND = """
            INTEGRITY 502 /problems/integrity
            LIED 502 /problems/origin-lied
            NO_RANGE 502 /problems/origin-lied
            CHANGED 412 /problems/generation-changed
            FORBIDDEN_ADDRESS 502 /problems/source-refused
            TIMEOUT 504 /problems/deadline
            BUSY 503 /problems/origin-busy
            BREAKER_OPEN 503 /problems/origin-busy
            TENANT_SHARE 429 /problems/tenant-share
            OVERLOAD 503 /problems/overloaded
            ACCESS 502 /problems/origin-access
            NAME 502 /problems/origin-name
            TLS 502 /problems/tls
            SERVER_ERROR 502 /problems/origin-error
            CUT 502 /problems/origin-unreachable
            UNREACHABLE 502 /problems/origin-unreachable
            MISSING 404 /problems/object-missing
            """;

    @Test
    void everyKindOfFailureHasItsStatusAndType() {
        String actual = Arrays.stream(Kind.values())
                .map(kind -> kind + " " + of(kind).type().status() + " "
                        + of(kind).type().uri() + "\n")
                .collect(Collectors.joining());

        assertEquals(STATUS_AND_TYPE_BY_KIND, actual);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void theFailuresOwnWordsStayInTheLog(Kind kind) {
        assertFalse(of(kind).detail().contains("10.1.2.3"));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyAnswer429And503SaysWhenToComeBack(Kind kind) {
        Map<String, String> fields =
                Set.of(429, 503).contains(of(kind).type().status()) ? Map.of("Retry-After", "1") : Map.of();

        assertEquals(fields, of(kind).fields());
    }

    @Test
    void theSourcesOwnDelayIsHandedOn() {
        var busy = new Failure(Kind.BUSY, null, "status 429", Duration.ofSeconds(90));

        assertEquals(Map.of("Retry-After", "90"), Problem.of(busy).fields());
    }

    @Test
    void aDelayIsRoundedUp() {
        var open = new Failure(Kind.BREAKER_OPEN, null, "its breaker is open", Duration.ofMillis(59_001));

        assertEquals(Map.of("Retry-After", "60"), Problem.of(open).fields());
    }

    @ParameterizedTest
    @EnumSource(Layer.class)
    void theStepThatTookTooLongGoesByItsName(Layer layer) {
        Problem problem = Problem.of(Failure.of(Kind.TIMEOUT, "at 10.1.2.3").in(layer));

        assertEquals(Map.of("Server-Timing", "timeout;desc=\"" + layer.label() + "\""), problem.fields());
        assertTrue(problem.detail().contains("(" + layer.label() + ")"), problem.detail());
    }

    private static Problem of(Kind kind) {
        return Problem.of(Failure.of(kind, "at 10.1.2.3"));
    }
}
