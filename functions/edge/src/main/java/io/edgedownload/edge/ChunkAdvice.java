package io.edgedownload.edge;

import io.edgedownload.engine.request.ChunkReference;
import org.jspecify.annotations.Nullable;

/**
 * What size of chunks suits a client's network: one that takes about two seconds, so that little is lost when the link drops in the
 * middle of it, but no smaller than what is under way at any moment, and no larger than what the object is cut by.
 *
 * @param downlinkMegabits of the client, as its Downlink field says (WICG Network Information); null when it does not
 * @param rttMillis as its RTT field says; null when it does not
 */
record ChunkAdvice(
        @Nullable Double downlinkMegabits, @Nullable Double rttMillis) {
    private static final double SECONDS_A_CHUNK = 2;
    private static final double BYTES_PER_MEGABIT = 125_000;

    /** In a chunk that is that often as large as what is under way, waiting for it is a small part of the time. */
    private static final double TIMES_UNDER_WAY = 4;

    /** As the draft's effective connection types have them: the largest RTT and downlink of "2g" and "3g". */
    private static final double SLOW_3G_RTT_MILLIS = 270;

    private static final double SLOW_2G_RTT_MILLIS = 1_400;
    private static final double MEGABITS_3G = 0.7;
    private static final double MEGABITS_2G = 0.07;

    /** A field that is no number says nothing. */
    static ChunkAdvice of(@Nullable String downlink, @Nullable String rtt) {
        return new ChunkAdvice(number(downlink), number(rtt));
    }

    private static @Nullable Double number(@Nullable String text) {
        return text != null && text.matches("[0-9]{1,6}(\\.[0-9]{1,6})?") ? Double.valueOf(text) : null;
    }

    /** @param publishedBytes the size that the object is cut by, which is never exceeded */
    int sizeBytes(int publishedBytes) {
        Double megabits = downlinkMegabits == null ? byRtt() : downlinkMegabits;
        if (megabits == null) {
            return publishedBytes;
        }
        double bytesPerSecond = megabits * BYTES_PER_MEGABIT;
        double underWayBytes = rttMillis == null ? 0 : bytesPerSecond * rttMillis / 1_000;
        double wantedBytes = Math.max(SECONDS_A_CHUNK * bytesPerSecond, TIMES_UNDER_WAY * underWayBytes);
        return Integer.highestOneBit((int) Math.clamp(wantedBytes, ChunkReference.MIN_SIZE_BYTES, publishedBytes));
    }

    private @Nullable Double byRtt() {
        if (rttMillis == null || rttMillis < SLOW_3G_RTT_MILLIS) {
            return null;
        }
        return rttMillis < SLOW_2G_RTT_MILLIS ? MEGABITS_3G : MEGABITS_2G;
    }
}
