package io.edgedownload.edge;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Bounds the series of Quarkus' metrics of HTTP: it takes methods as they were sent, and ids as parts of paths, so that a client
 * could make as many series as it likes.
 */
@Singleton
final class HttpLabels implements MeterFilter {
    private static final String METERS = "http.server.";

    /** RFC 9110, section 9.3, and RFC 5789. */
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH");

    /** As OpenTelemetry's conventions call what is none of them. */
    private static final String OTHER_METHOD = "_OTHER";

    private static final Set<String> PATHS = Set.of(
            "root",
            "NOT_FOUND",
            "REDIRECTION",
            "/publish",
            "/resolve",
            "/warm",
            "/evict",
            "/limit",
            "/presign",
            "/q/health",
            "/q/health/live",
            "/q/health/ready",
            "/q/health/started",
            "/q/metrics");

    private static final String OTHER_PATH = "UNKNOWN";

    @Override
    public Meter.Id map(Meter.Id id) {
        if (!id.getName().startsWith(METERS)) {
            return id;
        }
        List<Tag> tags = new ArrayList<>();
        for (Tag tag : id.getTagsAsIterable()) {
            tags.add(
                    switch (tag.getKey()) {
                        case "method" -> METHODS.contains(tag.getValue()) ? tag : Tag.of("method", OTHER_METHOD);
                        case "uri" -> Tag.of("uri", path(tag.getValue()));
                        default -> tag;
                    });
        }
        return id.replaceTags(tags);
    }

    private static String path(String path) {
        if (path.startsWith(DownloadRoute.PATH)) {
            return DownloadRoute.PATH + "{id}";
        }
        return PATHS.contains(path) ? path : OTHER_PATH;
    }
}
