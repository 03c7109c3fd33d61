/**
 * The contract suite: what every packaging of edge-download has to answer over HTTP.
 *
 * <p>Input is a {@link io.edgedownload.contract.Target}, an address and what the suite may do there; output is one
 * JUnit row per promise of the contract. The suite is a black box: it knows HTTP, JSON and SHA-256, and no type of the
 * engine or of the edge. Classes named {@code …Contract} hold the rows, the others are the suite's client and its own
 * origin. Rows with the tag {@code streamed} have answers over 4 MiB, or look at bytes on their way: a packaging that buffers requests
 * and answers cannot carry them.
 */
@NullMarked
package io.edgedownload.contract;

import org.jspecify.annotations.NullMarked;
