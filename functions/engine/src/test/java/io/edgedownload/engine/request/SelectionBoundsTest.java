package io.edgedownload.engine.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Whatever a client sends, a selection is some bytes of the object, and costs little. */
final class SelectionBoundsTest {
    private static final Instant LAST_MODIFIED = Instant.parse("1994-11-06T08:49:37Z");

    private static final List<String> FRAGMENTS = List.of(
            "bytes=",
            "bytes",
            "=",
            "-",
            ",",
            " ",
            "\t",
            "0",
            "5",
            "99",
            "100",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999999",
            "0-4",
            "6-9",
            "-5",
            "95-",
            "-0",
            "*",
            "\"",
            "\"g1\"",
            "W/",
            "W/\"g1\"",
            "\"g2\"",
            "Sun, 06 Nov 1994 08:49:37 GMT",
            "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
            "Sun",
            "GMT",
            "Feb 30",
            "\u00e9",
            "\u0000",
            "\n",
            "\ud83d",
            "\u0661",
            "\\",
            "%");

    private static final List<String> POSITIONS = List.of(
            "",
            "",
            "",
            "0",
            "1",
            "7",
            "20",
            "50",
            "98",
            "99",
            "100",
            "9223372036854775806",
            "9223372036854775807",
            "18446744073709551615");

    @Test
    void rangeOf4096CharactersIsReadAndOneMoreIsIgnored() {
        String padded = "bytes=0-4" + " ".repeat(4096 - "bytes=0-4,".length()) + ",";
        assertEquals(new Selected.Part(new ByteRange(0, 4)), select(padded));
        assertEquals(new Selected.Whole(), select(padded + ","));
    }

    @Test
    void anObjectChangedWithinItsSecondIsNotModifiedForWhoHasIt() {
        Representation finer = new Representation(100, "\"g1\"", LAST_MODIFIED.plusMillis(500));
        Conditions since = new Conditions(null, null, null, null, "Sun, 06 Nov 1994 08:49:37 GMT", null);
        assertEquals(new Selected.NotModified(), Selection.select(true, since, finer));
    }

    @Test
    void garbageSelectsBytesOfTheObjectAndNeverThrows() {
        Random random = new Random(9110);
        int single = 0;
        int several = 0;
        for (int i = 0; i < 20_000; i++) {
            long lengthBytes = List.of(0L, 1L, 100L, Long.MAX_VALUE).get(random.nextInt(4));
            boolean get = random.nextInt(4) > 0;
            Representation representation =
                    new Representation(lengthBytes, "\"g1\"", random.nextBoolean() ? LAST_MODIFIED : null);
            // Most with Range alone: conditions fail so often that few would come as far.
            boolean alone = random.nextInt(4) > 0;
            Conditions conditions = new Conditions(
                    "bytes=" + (random.nextBoolean() ? garbage(random) : rangeLike(random)),
                    alone ? null : maybe(random),
                    alone ? null : maybe(random),
                    alone ? null : maybe(random),
                    alone ? null : maybe(random),
                    alone ? null : maybe(random));
            Selected selected = Selection.select(get, conditions, representation);
            check(selected, get, lengthBytes);
            single += selected instanceof Selected.Part ? 1 : 0;
            several += selected instanceof Selected.Parts ? 1 : 0;
        }
        assertTrue(single > 250 && several > 250, "too wild to test much: " + single + " and " + several);
    }

    private static void check(Selected selected, boolean get, long lengthBytes) {
        List<ByteRange> ranges = switch (selected) {
            case Selected.Part(ByteRange range) -> List.of(range);
            case Selected.Parts(List<ByteRange> several) -> several;
            case Selected.Whole() -> List.of();
            case Selected.NotModified() -> List.of();
            case Selected.PreconditionFailed() -> List.of();
            case Selected.Unsatisfiable() -> List.of();
        };
        assertTrue(get || (ranges.isEmpty() && !(selected instanceof Selected.Unsatisfiable)), "HEAD has no ranges");
        assertTrue(ranges.size() <= 8);
        assertFalse(selected instanceof Selected.Parts && ranges.size() < 2);
        long behind = 0;
        for (ByteRange range : ranges) {
            assertTrue(range.first() >= behind && range.last() < lengthBytes, () -> ranges + " of " + lengthBytes);
            behind = range.last() + 1;
        }
    }

    /** What nearly passes for an ascending set of ranges: garbage alone seldom does. */
    private static String rangeLike(Random random) {
        StringBuilder text = new StringBuilder();
        int position = 0;
        for (int left = 1 + random.nextInt(10); left > 0; left--) {
            int first = position + random.nextInt(12);
            position = first + random.nextInt(12);
            text.append(position(first, random))
                    .append('-')
                    .append(position(position, random))
                    .append(left > 1 ? "," : "");
            position++;
        }
        return text.toString();
    }

    private static String position(int regular, Random random) {
        return random.nextInt(12) == 0 ? POSITIONS.get(random.nextInt(POSITIONS.size())) : Integer.toString(regular);
    }

    private static @Nullable String maybe(Random random) {
        return random.nextBoolean() ? garbage(random) : null;
    }

    private static String garbage(Random random) {
        StringBuilder text = new StringBuilder();
        for (int left = random.nextInt(8); left > 0; left--) {
            text.append(
                    random.nextInt(10) == 0
                            ? String.valueOf((char) random.nextInt(0x10000))
                            : FRAGMENTS.get(random.nextInt(FRAGMENTS.size())));
        }
        return text.toString();
    }

    private static Selected select(String range) {
        return Selection.select(
                true,
                new Conditions(range, null, null, null, null, null),
                new Representation(100, "\"g1\"", LAST_MODIFIED));
    }
}
