package io.edgedownload.engine;

import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.catalog.KnownManifests;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.catalog.Source;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.fetch.Revalidated;
import io.edgedownload.engine.fetch.RevalidationQuery;
import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Asks the sources of a manifest, in their order, whether they still hold its generation; the first that answers decides. When it
 * holds another one, that becomes the generation of the download. Blocks; for virtual threads.
 */
public final class SourceCheck implements Revalidation.Check {
    private final Probes probes;
    private final Publisher publisher;
    private final KnownManifests manifests;
    private final Duration timeout;
    private final Ticker ticker;

    /** @param timeout for all of it, reading a changed object for its digests among it */
    public SourceCheck(Probes probes, Publisher publisher, KnownManifests manifests, Duration timeout, Ticker ticker) {
        this.probes = probes;
        this.publisher = publisher;
        this.manifests = manifests;
        this.timeout = timeout;
        this.ticker = ticker;
    }

    @Override
    public Revalidation.Checked check(Manifest manifest) throws InterruptedException {
        Deadline deadline = Deadline.after(timeout, ticker);
        @Nullable Failure told = null;
        for (Source source : manifest.sources()) {
            RevalidationQuery query = new RevalidationQuery(source.uri(), manifest.lengthBytes(), source.validator());
            switch (probes.revalidate(manifest.id(), query, deadline)) {
                case Revalidated.Unchanged() -> {
                    return new Revalidation.Checked.Unchanged();
                }
                case Revalidated.Changed _ -> {
                    return replace(manifest, deadline);
                }
                case Revalidated.Failed(Failure failure) -> told = OriginTier.moreTelling(told, failure);
            }
        }
        return new Revalidation.Checked.Failed(
                told == null ? Failure.of(Kind.UNREACHABLE, "there is no source") : told);
    }

    private Revalidation.Checked replace(Manifest manifest, Deadline deadline) throws InterruptedException {
        if (manifests.find(manifest.id(), deadline) instanceof Lookup.Found(Manifest current)
                && !current.generation().equals(manifest.generation())) {
            return new Revalidation.Checked.Replaced(current.generation());
        }
        return switch (publisher.republish(manifest, deadline)) {
            case Published.Done(Manifest now, boolean _) -> new Revalidation.Checked.Replaced(now.generation());
            case Published.SourceUnusable(int _, Failure failure) -> new Revalidation.Checked.Failed(failure);
            case Published.S3Unusable(Failure failure) -> new Revalidation.Checked.Failed(failure);
            case Published.Unreadable(Failure failure) -> new Revalidation.Checked.Failed(failure);
            case Published.Disagreement(String difference) -> failed(Kind.CHANGED, difference);
            case Published.Conflict() -> failed(Kind.CHANGED, "another instance published it at the same time");
            case Published.CatalogUnavailable(String reason) -> failed(Kind.UNREACHABLE, "catalog: " + reason);
        };
    }

    private static Revalidation.Checked failed(Kind kind, String detail) {
        return new Revalidation.Checked.Failed(Failure.of(kind, detail));
    }
}
