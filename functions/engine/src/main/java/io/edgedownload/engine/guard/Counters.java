package io.edgedownload.engine.guard;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What Linux counts of TCP in one network namespace (RFC 4022, {@code /proc/self/net/snmp}).
 *
 * @param established connections now, of all processes there
 * @param sentSegments since the system started, without those that are retransmitted only
 * @param retransmittedSegments since the system started
 */
public record Counters(long established, long sentSegments, long retransmittedSegments) {
    /** More than the file has on any system: what is behind is not read. */
    public static final int MOST_BYTES = 64 << 10;

    private static final int MOST_COLUMNS = 64;
    private static final String LINE = "Tcp: ";

    /**
     * Reads the two lines of TCP, names and values.
     *
     * @return empty when they are not there, or hold no such numbers
     */
    public static Optional<Counters> parse(String snmp) {
        List<String[]> lines = snmp.lines()
                .filter(line -> line.startsWith(LINE))
                .limit(2)
                .map(line -> line.substring(LINE.length()).split(" ", MOST_COLUMNS))
                .toList();
        if (lines.size() < 2) {
            return Optional.empty();
        }
        OptionalLong established = value("CurrEstab", lines);
        OptionalLong sent = value("OutSegs", lines);
        OptionalLong retransmitted = value("RetransSegs", lines);
        return established.isPresent() && sent.isPresent() && retransmitted.isPresent()
                ? Optional.of(new Counters(established.getAsLong(), sent.getAsLong(), retransmitted.getAsLong()))
                : Optional.empty();
    }

    private static OptionalLong value(String name, List<String[]> lines) {
        int column = List.of(lines.getFirst()).indexOf(name);
        String[] values = lines.getLast();
        return column >= 0 && column < values.length && values[column].matches("\\d{1,18}")
                ? OptionalLong.of(Long.parseLong(values[column]))
                : OptionalLong.empty();
    }
}
