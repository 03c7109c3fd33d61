/**
 * What a client asks for. Input: a request's path, query and fields; output: ids, ranges, chunk references and what the rules of
 * HTTP select. Pure: no I/O, no clock, any thread.
 */
@NullMarked
package io.edgedownload.engine.request;

import org.jspecify.annotations.NullMarked;
