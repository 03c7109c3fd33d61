package io.edgedownload.engine.fetch;

import io.edgedownload.engine.catalog.Validator;
import java.net.URI;

/**
 * Asks a source whether it still holds what was published.
 *
 * @param lengthBytes of the published object
 * @param validator of the published object at this source
 */
public record RevalidationQuery(URI uri, long lengthBytes, Validator validator) {}
