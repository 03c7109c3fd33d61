package io.edgedownload.edge;

import io.edgedownload.engine.request.ChunkReference;
import io.edgedownload.engine.request.Target;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The query of a download: {@code chunk}, {@code size}, {@code sig}. Other parameters are left to caches and analytics. */
sealed interface DownloadQuery {
    record Parsed(Target target, @Nullable String signature) implements DownloadQuery {}

    /** @param rule the one that is broken */
    record Malformed(String rule) implements DownloadQuery {}

    /** @param defaultSizeBytes of a chunk when the query names none */
    static DownloadQuery parse(HttpServerRequest request, int defaultSizeBytes) {
        if (request.query() == null) {
            return new Parsed(new Target.WholeObject(), null);
        }
        try {
            MultiMap parameters = request.params();
            String chunk = single(parameters, "chunk");
            String size = single(parameters, "size");
            String signature = single(parameters, "sig");
            if (chunk == null) {
                return size == null
                        ? new Parsed(new Target.WholeObject(), signature)
                        : new Malformed("size is the size of a chunk: it needs chunk beside it");
            }
            return request.getHeader("Range") == null
                    ? new Parsed(new Target.Chunk(ChunkReference.parse(chunk, size, defaultSizeBytes)), signature)
                    : new Malformed("chunk and a Range field exclude each other: send one of them");
        } catch (IllegalArgumentException e) {
            return new Malformed(String.valueOf(e.getMessage()));
        }
    }

    private static @Nullable String single(MultiMap parameters, String name) {
        List<String> values = parameters.getAll(name);
        if (values.size() > 1) {
            throw new IllegalArgumentException(name + " must be given once, not " + values.size() + " times");
        }
        return values.isEmpty() ? null : values.getFirst();
    }
}
