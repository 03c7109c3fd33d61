package io.edgedownload.engine.guard;

/**
 * The counters as they were at one moment.
 *
 * @param atNanos in the ticker's time
 */
public record Sample(long atNanos, Counters counters) {}
