package io.edgedownload.guard;

import io.edgedownload.engine.guard.Counters;

/**
 * What the sockets of one control group have done since the program was attached.
 *
 * @param established connections now
 * @param sentSegments without those that were sent again
 * @param retransmittedSegments sent again
 * @param sentBytes of payload, retransmitted or not
 */
record Counts(long established, long sentSegments, long retransmittedSegments, long sentBytes) {
    static final Counts NONE = new Counts(0, 0, 0, 0);

    Counters counters() {
        return new Counters(established, sentSegments, retransmittedSegments);
    }

    Counts plus(Counts other) {
        return new Counts(
                established + other.established,
                sentSegments + other.sentSegments,
                retransmittedSegments + other.retransmittedSegments,
                sentBytes + other.sentBytes);
    }
}
