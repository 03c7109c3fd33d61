package io.edgedownload.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an orchestrator and a scraper ask. */
@ExtendWith(AgainstTarget.class)
final class OperationsContract {

    private static final Pattern METRIC_LINE = Pattern.compile(
            "# (HELP|TYPE|EOF|UNIT).*|[a-zA-Z_:][a-zA-Z0-9_:]*(\\{.*})? [-+0-9.eE]+( [0-9]+)?|.* (NaN|[-+]?Inf)");

    private final EdgeClient edge;

    OperationsContract(Target target) {
        this.edge = target.edge();
    }

    @ParameterizedTest
    @ValueSource(strings = {"live", "ready", "started"})
    void healthIsUp(String probe) {
        Reply reply = edge.get("/q/health/" + probe).expect(200);
        assertTrue(reply.required("Content-Type").startsWith("application/json"), reply::toString);
        assertEquals("UP", reply.json().path("status").asText());
    }

    @Test
    void metricsArePrometheusText() {
        Reply reply = edge.get("/q/metrics", "Accept", "text/plain").expect(200);
        assertTrue(reply.required("Content-Type").startsWith("text/plain"), reply::toString);
        reply.text()
                .lines()
                .forEach(line -> assertTrue(METRIC_LINE.matcher(line).matches(), line));
        assertTrue(reply.text().contains("# TYPE "));
    }

    @Test
    void metricsNameNoSecretsAndNoIds() {
        edge.get("/download/nosuch-id-in-metrics");
        assertTrue(!edge.get("/q/metrics").text().contains("nosuch-id-in-metrics"));
    }
}
