package io.edgedownload.local.origin;

/**
 * What the origin has done since it started.
 *
 * @param requests requests that reached it, HEAD included, also those it spoiled
 * @param heads how many of them were HEAD
 * @param faults how many of them it spoiled on purpose, in mode flaky
 * @param bodyBytes body bytes of finished answers, including those that were cut
 */
public record OriginStats(long requests, long heads, long faults, long bodyBytes) {
    /** One JSON object with the mode and these counts. */
    String json(OriginMode mode) {
        return """
                {"mode":"%s","requests":%d,"heads":%d,"faults":%d,"bytes":%d}
                """.formatted(mode.word(), requests, heads, faults, bodyBytes);
    }
}
