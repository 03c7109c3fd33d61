/**
 * The local stack: sample files, the sample origin, S3 and the functions, all on loopback and all keeping their data in
 * one directory.
 *
 * <p>Input is a data directory and ports, output is a running {@link io.edgedownload.local.LocalStack}. {@code ./run}
 * starts it for a person, the contract and fault suites start it for themselves. Everything here blocks: call it from an
 * ordinary or a virtual thread.
 */
@NullMarked
package io.edgedownload.local;

import org.jspecify.annotations.NullMarked;
