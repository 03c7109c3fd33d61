package io.edgedownload.edge;

import io.edgedownload.engine.Body;
import io.edgedownload.engine.Delivery;
import io.edgedownload.engine.Download;
import io.edgedownload.engine.Piece;
import io.edgedownload.engine.cache.ChunkCache;
import io.edgedownload.engine.catalog.KnownManifests;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import io.quarkus.funqy.Funq;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The functions {@code warm} and {@code evict}: what is in the cache before anybody asks, and what is not after. */
public class CacheFunctions {
    private final Download download;
    private final ChunkCache cache;
    private final KnownManifests manifests;
    private final FunctionDeadline deadline;

    CacheFunctions(Download download, ChunkCache cache, KnownManifests manifests, FunctionDeadline deadline) {
        this.download = download;
        this.cache = cache;
        this.manifests = manifests;
        this.deadline = deadline;
    }

    /** Fetches chunks into the cache. A range larger than the cache ends with its last chunks there. */
    @Funq
    public Map<String, Object> warm(FunctionRequests.Warm request) {
        Deadline until = deadline.get();
        Manifest manifest = Required.manifest(manifests, Required.id(request.id()), until);
        ByteRange range = Required.range(manifest, request.first(), request.last());
        long chunks = 0;
        long bytes = 0;
        if (range != null) {
            ByteRange whole = new ByteRange(
                    manifest.chunk(manifest.chunkAt(range.first())).first(),
                    manifest.chunk(manifest.chunkAt(range.last())).last());
            fetch(manifest, whole, until);
            chunks = manifest.chunkAt(range.last()) - manifest.chunkAt(range.first()) + 1;
            bytes = whole.length();
        }
        Map<String, Object> warmed = new LinkedHashMap<>();
        warmed.put("id", manifest.id().value());
        warmed.put("generation", manifest.generation());
        warmed.put("chunks", chunks);
        warmed.put("bytes", bytes);
        return warmed;
    }

    /** Drops all chunks of a download; it stays published. */
    @Funq
    public void evict(FunctionRequests.Evict request) {
        DownloadId id = Required.id(request.id());
        Required.manifest(manifests, id, deadline.get());
        cache.evict(id);
    }

    private void fetch(Manifest manifest, ByteRange range, Deadline deadline) {
        switch (download.deliver(manifest, range, "", deadline).join()) {
            case Delivery.Streamed(Body body, Piece.Slice first) -> {
                first.release();
                for (CompletableFuture<Piece> next = body.next(); next != null; next = body.next()) {
                    switch (next.join()) {
                        case Piece.Slice slice -> slice.release();
                        case Piece.Missing(Failure failure) -> {
                            body.close();
                            throw new ProblemException(Problem.of(failure));
                        }
                    }
                }
            }
            case Delivery.Unavailable(Failure failure) -> throw new ProblemException(Problem.of(failure));
            case Delivery.Redirected redirected -> throw new AssertionError("a fill is never redirected");
        }
    }
}
