/**
 * Bytes to chunks that may be kept and delivered. Input: fetched bytes and the digest that they must have, when one is known;
 * output: a {@link io.edgedownload.engine.verify.VerifiedChunk}, the only thing that a cache accepts. It lies in memory, or in a
 * file that a cache wrote it to. Any thread.
 */
@NullMarked
package io.edgedownload.engine.verify;

import org.jspecify.annotations.NullMarked;
