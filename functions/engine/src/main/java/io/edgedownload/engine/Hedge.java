package io.edgedownload.engine;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/**
 * When a second request for the same bytes goes to another address of the source (Dean and Barroso, "The Tail at Scale", 2013).
 *
 * @param after how long the first one's answer may take to begin
 * @param mayBegin asked once, then: takes what a second request costs, or says no
 */
record Hedge(Duration after, BooleanSupplier mayBegin) {}
