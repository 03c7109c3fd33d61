package io.edgedownload.engine;

import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.connect.Trust;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where a chunk is to be had.
 *
 * @param uri its query may hold a signature
 * @param validator the state that the object must be in there
 * @param breaker the state of the origin's breaker, closed or half-open, by which it may be asked; null where there is none
 */
record Place(
        Tier tier, URI uri, Validator validator, @Nullable Status breaker) {
    Trust trust() {
        return tier == Tier.S3 ? Trust.OPERATOR : Trust.SOURCE;
    }
}
