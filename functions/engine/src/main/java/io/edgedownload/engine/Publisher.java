package io.edgedownload.engine;

import io.edgedownload.engine.catalog.Catalog.Storing;
import io.edgedownload.engine.catalog.Digests;
import io.edgedownload.engine.catalog.KnownManifests;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.fallback.PresignedRanges;
import io.edgedownload.engine.fallback.Presigning;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.fetch.Probed;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.time.Deadline;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes an object downloadable: asks every source for it, sees that they hold the same, pins its state as a generation, and
 * stores the manifest. Blocks; for virtual threads or a worker.
 */
public final class Publisher {
    private final Probes probes;
    private final PresignedRanges presigned;
    private final Digester digester;
    private final KnownManifests manifests;
    private final InstantSource clock;

    public Publisher(
            Probes probes,
            PresignedRanges presigned,
            Digester digester,
            KnownManifests manifests,
            InstantSource clock) {
        this.probes = probes;
        this.presigned = presigned;
        this.digester = digester;
        this.manifests = manifests;
        this.clock = clock;
    }

    public Published publish(Publication publication, Deadline deadline) throws InterruptedException {
        return probed(publication, found -> withS3(publication, found, deadline), deadline);
    }

    /**
     * Pins the state that the sources are in now, in the place of one that they hold no more. The object in S3 backs it only
     * when it was replaced as well: else that has the earlier bytes.
     */
    Published republish(Manifest before, Deadline deadline) throws InterruptedException {
        Publication publication = new Publication(
                before.id(),
                before.sources().stream().map(Source::uri).toList(),
                null,
                before.chunkSizeBytes(),
                before.digests() != null);
        return probed(
                publication,
                found -> withDigests(
                        publication, found, replaced(before, found.getFirst().lengthBytes(), deadline), deadline),
                deadline);
    }

    /** The object in S3 when it is another one than before, and as long as the sources'; else null. */
    private @Nullable S3Object replaced(Manifest before, long lengthBytes, Deadline deadline)
            throws InterruptedException {
        S3Object s3 = before.s3();
        if (s3 == null || s3.etag() == null) {
            return null;
        }
        return switch (probeS3(before.id(), s3, deadline)) {
            case Probed.Failed _ -> null;
            case Probed.Present present -> {
                String etag = present.validator().etag();
                boolean fits = present.lengthBytes() == lengthBytes && etag != null && !etag.equals(s3.etag());
                yield fits ? new S3Object(s3.bucket(), s3.key(), etag) : null;
            }
        };
    }

    private interface Next {
        Published with(List<Probed.Present> found) throws InterruptedException;
    }

    private Published probed(Publication publication, Next next, Deadline deadline) throws InterruptedException {
        List<Probed.Present> found = new ArrayList<>();
        for (URI uri : publication.sources()) {
            switch (probes.source(publication.id(), uri, deadline)) {
                case Probed.Present present -> found.add(present);
                case Probed.Failed(Failure failure) -> {
                    return new Published.SourceUnusable(found.size(), failure);
                }
            }
        }
        String difference = Agreement.difference(found);
        return difference == null ? next.with(found) : new Published.Disagreement(difference);
    }

    private Published withS3(Publication publication, List<Probed.Present> found, Deadline deadline)
            throws InterruptedException {
        S3Object s3 = publication.s3();
        if (s3 == null) {
            return withDigests(publication, found, null, deadline);
        }
        return switch (probeS3(publication.id(), s3, deadline)) {
            case Probed.Failed(Failure failure) -> new Published.S3Unusable(failure);
            case Probed.Present present
            when present.lengthBytes() != found.getFirst().lengthBytes() ->
                new Published.Disagreement("the S3 object is " + present.lengthBytes() + " bytes long, the sources' "
                        + found.getFirst().lengthBytes());
            case Probed.Present present ->
                withDigests(
                        publication,
                        found,
                        new S3Object(s3.bucket(), s3.key(), present.validator().etag()),
                        deadline);
        };
    }

    private Probed probeS3(DownloadId id, S3Object s3, Deadline deadline) throws InterruptedException {
        return switch (presigned.head(s3)) {
            case Presigning.Presigned(URI uri, Instant expires) -> probes.store(id, uri, deadline);
            case Presigning.Failed(String reason) -> new Probed.Failed(Failure.of(Kind.ACCESS, reason));
        };
    }

    private Published withDigests(
            Publication publication, List<Probed.Present> found, @Nullable S3Object s3, Deadline deadline)
            throws InterruptedException {
        Manifest pinned = manifest(publication, found, s3);
        if (!publication.digest()) {
            return store(pinned, deadline);
        }
        return switch (digester.digest(pinned, deadline)) {
            case Digester.Digested.Read(Digests digests) -> store(Generations.withDigests(pinned, digests), deadline);
            case Digester.Digested.Unreadable(Failure failure) -> new Published.Unreadable(failure);
        };
    }

    private Published store(Manifest manifest, Deadline deadline) {
        return switch (manifests.store(manifest, deadline)) {
            case Storing.Created() -> new Published.Done(manifest, true);
            case Storing.Replaced() -> new Published.Done(manifest, false);
            case Storing.Conflict() -> new Published.Conflict();
            case Storing.Failed(String reason) -> new Published.CatalogUnavailable(reason);
        };
    }

    private Manifest manifest(Publication publication, List<Probed.Present> found, @Nullable S3Object s3) {
        List<Source> sources = new ArrayList<>();
        for (int position = 0; position < found.size(); position++) {
            sources.add(new Source(
                    publication.sources().get(position), found.get(position).validator()));
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Probed.Present first = found.getFirst();
        return Generations.byValidator(publication, first, sources, s3, now);
    }
}
