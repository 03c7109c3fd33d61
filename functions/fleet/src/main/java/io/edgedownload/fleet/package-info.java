/**
 * The peers' side of the stream to a coordinator: reports go out, directives come in, and the stream is opened again whenever it is
 * lost. Events run on one Vert.x context, on which nothing may block. {@code v1} is generated from {@code fleet.proto}.
 */
@NullMarked
package io.edgedownload.fleet;

import org.jspecify.annotations.NullMarked;
