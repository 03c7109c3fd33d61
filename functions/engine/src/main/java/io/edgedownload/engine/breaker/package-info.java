/**
 * Keeps a sick origin away and retries within bounds. Input: what came of each request and how long it took; output: whether
 * the next one may go out, whether a retry or a hedge may, and after how long. What is a failure is the caller's decision.
 *
 * <p>Any thread; nothing blocks and no timer runs: whoever asks moves the state to where time has brought it.
 */
@NullMarked
package io.edgedownload.engine.breaker;

import org.jspecify.annotations.NullMarked;
