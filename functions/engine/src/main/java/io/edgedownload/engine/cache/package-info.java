/**
 * Verified chunks, kept. Input: a key and how to load it; output: the chunk, held for the caller. A hit never blocks and may be
 * asked for on an event loop; a load runs on a virtual thread, once for all who wait for it. This is where the SSD tier goes:
 * behind memory, before the load.
 */
@NullMarked
package io.edgedownload.engine.cache;

import org.jspecify.annotations.NullMarked;
