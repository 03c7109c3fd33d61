/**
 * The other way to the bytes. Input: an S3 object and a range; output: a presigned request for it, to be sent from here or by the
 * client. Signing is local; fetching credentials may block, so calls come from virtual threads.
 */
@NullMarked
package io.edgedownload.engine.fallback;

import org.jspecify.annotations.NullMarked;
