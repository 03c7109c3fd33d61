/**
 * Addresses to connections. Input: an origin and its addresses; output: a {@link io.edgedownload.engine.connect.Lease} on a
 * pooled connection to one that may be used. Called from virtual threads; the connections live on the event loops.
 */
@NullMarked
package io.edgedownload.engine.connect;

import org.jspecify.annotations.NullMarked;
