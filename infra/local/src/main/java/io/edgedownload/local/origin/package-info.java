/**
 * The sample origin: a correct HTTP/1.1 file server on loopback that can be told to misbehave while it runs.
 *
 * <p>Input is a directory of files, output are their bytes under strong validators. Requests are answered on one Vert.x
 * event loop; file attributes and digests are read on a worker.
 */
@NullMarked
package io.edgedownload.local.origin;

import org.jspecify.annotations.NullMarked;
