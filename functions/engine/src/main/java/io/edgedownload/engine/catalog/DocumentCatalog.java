package io.edgedownload.engine.catalog;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.edgedownload.engine.catalog.Documents.Reading;
import io.edgedownload.engine.catalog.Documents.Writing;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A catalog in a shared store: one JSON document an id, {@code a/b} in {@code a/b.json}. What was read last is kept with its
 * version, so that looking again costs a conditional request; it is never an answer without one.
 */
public final class DocumentCatalog implements Catalog {
    private final Documents documents;
    private final Duration patience;
    private final Cache<DownloadId, Revision> lastRead;

    private record Revision(Manifest manifest, String version) {}

    /** @param patience the longest that one call may take, whatever is left of its deadline */
    public DocumentCatalog(Documents documents, Duration patience) {
        this.documents = documents;
        this.patience = patience;
        this.lastRead = Caffeine.newBuilder()
                .maximumWeight(KnownManifests.MAX_WEIGHT)
                .weigher((DownloadId id, Revision revision) -> KnownManifests.weight(revision.manifest()))
                .build();
    }

    @Override
    public Lookup find(DownloadId id, Deadline deadline) {
        Revision known = lastRead.getIfPresent(id);
        return switch (documents.read(name(id), version(known), deadline.within(patience))) {
            case Reading.Read(String text, String version) -> parsed(id, text, version);
            case Reading.Unchanged() ->
                known == null
                        ? new Lookup.Unavailable(name(id) + " is said to be unchanged, but was not read before")
                        : new Lookup.Found(known.manifest());
            case Reading.Missing() -> new Lookup.Unknown();
            case Reading.Failed(String reason) -> new Lookup.Unavailable(reason);
        };
    }

    private Lookup parsed(DownloadId id, String text, String version) {
        try {
            Manifest manifest = ManifestJson.read(new JsonObject(text));
            if (!manifest.id().equals(id)) {
                return new Lookup.Unavailable(name(id) + " holds the manifest of another id");
            }
            lastRead.put(id, new Revision(manifest, version));
            return new Lookup.Found(manifest);
        } catch (RuntimeException e) {
            return new Lookup.Unavailable(name(id) + " cannot be read as a manifest: " + e);
        }
    }

    /** Of two instances that store the same id at once, one succeeds; the other is told of the conflict. */
    @Override
    public Storing store(Manifest manifest, Deadline deadline) {
        Deadline inTime = deadline.within(patience);
        Revision known = lastRead.getIfPresent(manifest.id());
        // Read even when known: the version may be that of long ago, and what a person broke may be replaced.
        return switch (documents.read(name(manifest.id()), version(known), inTime)) {
            case Reading.Read(String _, String version) -> written(manifest, version, inTime);
            case Reading.Unchanged() -> written(manifest, version(known), inTime);
            case Reading.Missing() -> written(manifest, null, inTime);
            case Reading.Failed(String reason) -> new Storing.Failed(reason);
        };
    }

    private Storing written(Manifest manifest, @Nullable String replaced, Deadline deadline) {
        String text = new JsonObject(ManifestJson.write(manifest)).encodePrettily() + "\n";
        return switch (documents.write(name(manifest.id()), text, replaced, deadline)) {
            case Writing.Written() -> replaced == null ? new Storing.Created() : new Storing.Replaced();
            case Writing.Conflict() -> new Storing.Conflict();
            case Writing.Failed(String reason) -> new Storing.Failed(reason);
        };
    }

    private static String name(DownloadId id) {
        return id.value() + ".json";
    }

    private static @Nullable String version(@Nullable Revision known) {
        return known == null ? null : known.version();
    }
}
