package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class HttpLabelsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET     | /download/a/file  | GET    | /download/{id}",
                "HEAD    | /download/        | HEAD   | /download/{id}",
                "POST    | /publish          | POST   | /publish",
                "GET     | /q/metrics        | GET    | /q/metrics",
                "GET     | /q/x1             | GET    | UNKNOWN",
                "GET     | NOT_FOUND         | GET    | NOT_FOUND",
                "GET     | root              | GET    | root",
                "GET     | /*                | GET    | UNKNOWN",
                "GET     | /downloads/a      | GET    | UNKNOWN",
                "get     | root              | _OTHER | root",
                "X-MINE1 | /resolve          | _OTHER | /resolve"
            })
    void methodsAndPathsAreOfAFew(String sentMethod, String sentPath, String method, String path) {
        Counter counter = count("http.server.requests", sentMethod, sentPath);
        assertEquals(method, counter.getId().getTag("method"));
        assertEquals(path, counter.getId().getTag("uri"));
        assertEquals("200", counter.getId().getTag("status"));
    }

    @Test
    void otherMetersAreLeftAlone() {
        Counter counter = count("edge.other", "x", "y");
        assertEquals("x", counter.getId().getTag("method"));
        assertEquals("y", counter.getId().getTag("uri"));
    }

    private static Counter count(String name, String method, String path) {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        registry.config().meterFilter(new HttpLabels());
        return registry.counter(name, "method", method, "uri", path, "status", "200");
    }
}
