package io.edgedownload.bench;

import io.vertx.core.json.JsonObject;
import java.util.Locale;

/**
 * One line of the table of look-ups that ask somebody.
 *
 * @param load what was looked up
 * @param way by which, or by whom
 * @param p50Micros medians of the rounds, as {@code p99Micros}
 * @param ratio of the P99 to that of the load's first line
 * @param article the same in the article; not a number when it says nothing of it
 */
record DnsRow(String load, String way, double p50Micros, double p99Micros, double ratio, double article) {
    private static final double MICROS_PER_MILLI = 1_000;

    /** What the others are compared with. */
    static DnsRow first(String load, String way, Series<Latencies> series, double article) {
        return new DnsRow(
                load,
                way,
                series.peerMedian(Latencies::p50Micros),
                series.peerMedian(Latencies::p99Micros),
                1,
                article);
    }

    /** @param series with that of the first line as the peer */
    static DnsRow other(String load, String way, Series<Latencies> series, double article) {
        return new DnsRow(
                load,
                way,
                series.ownMedian(Latencies::p50Micros),
                series.ownMedian(Latencies::p99Micros),
                series.ratio(Latencies::p99Micros),
                article);
    }

    static String head() {
        return String.format(
                Locale.ROOT, "%-20s %-26s %8s %8s %9s %8s", "load", "way", "P50 ms", "P99 ms", "P99 ratio", "article");
    }

    String line() {
        return String.format(
                Locale.ROOT,
                "%-20s %-26s %8.2f %8.2f %9.2f %8s",
                load,
                way,
                p50Micros / MICROS_PER_MILLI,
                p99Micros / MICROS_PER_MILLI,
                ratio,
                Double.isNaN(article) ? "" : String.format(Locale.ROOT, "%.2f", article));
    }

    JsonObject json() {
        JsonObject json = new JsonObject()
                .put("load", load)
                .put("way", way)
                .put("p50Micros", p50Micros)
                .put("p99Micros", p99Micros)
                .put("p99Ratio", ratio);
        return Double.isNaN(article) ? json : json.put("articleP99Ratio", article);
    }
}
