package io.edgedownload.engine;

import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.request.DownloadId;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a publisher asks for.
 *
 * @param sources that hold the object, in the order to try them; each checked by {@link
 *     io.edgedownload.engine.catalog.Source#checked}
 * @param s3 the object that backs it, without entity tag, or null
 * @param digest whether to read the object once and pin the SHA-256 of every chunk
 */
public record Publication(
        DownloadId id, List<URI> sources, @Nullable S3Object s3, int chunkSizeBytes, boolean digest) {
    public Publication {
        sources = List.copyOf(sources);
    }
}
