package io.edgedownload.engine;

import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.request.DownloadId;
import java.net.URI;
import java.time.Instant;
import java.util.List;

/** Manifests that tests need no more of than a name. */
final class Manifests {
    private Manifests() {}

    static Manifest published(String generation, Instant at) {
        return new Manifest(
                new DownloadId("file"),
                generation,
                1,
                64 << 10,
                null,
                "text/plain",
                null,
                List.of(new Source(URI.create("http://a.example/file"), new Validator("\"1\"", null))),
                null,
                at);
    }
}
