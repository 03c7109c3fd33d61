package io.edgedownload.engine.connect;

import io.edgedownload.engine.time.Ticker;
import io.edgedownload.engine.time.Timer;
import java.time.InstantSource;

/**
 * What connections are timed by.
 *
 * @param timer waits for moments of {@code ticker}
 * @param wall only to see that the process was frozen
 */
public record Clocks(Ticker ticker, Timer timer, InstantSource wall) {}
