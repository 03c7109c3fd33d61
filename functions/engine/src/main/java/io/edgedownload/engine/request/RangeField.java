package io.edgedownload.engine.request;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Range field (RFC 9110 §14.2). */
final class RangeField {
    private static final int MAX_CHARACTERS = 4 << 10;
    private static final int MAX_RANGES = 8;
    private static final String UNIT = "bytes=";
    private static final Pattern SPEC = Pattern.compile("([0-9]*)-([0-9]*)");

    private RangeField() {}

    /** One element of the field as it was sent. */
    private sealed interface Spec {
        record FirstLast(long first, long last) implements Spec {}

        record From(long first) implements Spec {}

        record Suffix(long lengthBytes) implements Spec {}
    }

    /** What the field selects; the whole when it has to be ignored. */
    static Selected select(String field, long lengthBytes) {
        List<Spec> specs = parse(field);
        // "A server MAY ignore the Range header field"; it MUST ignore one with an unknown unit or an invalid value.
        if (specs.isEmpty()) {
            return new Selected.Whole();
        }
        List<ByteRange> ranges = new ArrayList<>();
        for (Spec spec : specs) {
            addSatisfiable(ranges, spec, lengthBytes);
        }
        // §14.1.2: "if all of them are unsatisfiable, the set is", else those are left out.
        if (ranges.isEmpty()) {
            return new Selected.Unsatisfiable();
        }
        if (ranges.size() == 1) {
            return specs.size() > MAX_RANGES ? new Selected.Whole() : new Selected.Part(ranges.getFirst());
        }
        // §14.2: "more than two overlapping ranges or many small ranges … are indications of either a broken client or
        // a deliberate denial-of-service attack": such a set is answered with the whole.
        return specs.size() > MAX_RANGES || !areDisjointAndAscending(ranges)
                ? new Selected.Whole()
                : new Selected.Parts(ranges);
    }

    private static void addSatisfiable(List<ByteRange> ranges, Spec spec, long lengthBytes) {
        switch (spec) {
            // "satisfiable if the int-range's first-pos is less than the current length of the representation"
            case Spec.FirstLast(long first, long last)
            when first < lengthBytes ->
                // "if last-pos is … greater than or equal to the current length, the byte range is interpreted as the
                // remainder of the representation"
                ranges.add(new ByteRange(first, Math.min(last, lengthBytes - 1)));
            case Spec.From(long first) when first < lengthBytes -> ranges.add(new ByteRange(first, lengthBytes - 1));
            // "a suffix-range is satisfiable if the suffix-length is non-zero"; of an empty object no byte can be sent.
            // "if the selected representation is shorter than the specified suffix-length, the entire representation"
            case Spec.Suffix(long suffix)
            when suffix > 0 && lengthBytes > 0 ->
                ranges.add(new ByteRange(Math.max(0, lengthBytes - suffix), lengthBytes - 1));
            case Spec.FirstLast unsatisfiable -> {}
            case Spec.From unsatisfiable -> {}
            case Spec.Suffix unsatisfiable -> {}
        }
    }

    /** The elements, or none when the field is not a valid set of byte ranges. */
    private static List<Spec> parse(String field) {
        String trimmed = field.strip();
        // §14.1: "range unit names are case-insensitive"
        if (field.length() > MAX_CHARACTERS || !trimmed.toLowerCase(Locale.ROOT).startsWith(UNIT)) {
            return List.of();
        }
        List<Spec> specs = new ArrayList<>();
        for (String element : trimmed.substring(UNIT.length()).split(",", -1)) {
            String spec = withoutSpace(element);
            // §5.6.1.2: "a recipient MUST parse and ignore a reasonable number of empty list elements"
            if (spec.isEmpty()) {
                continue;
            }
            Matcher matcher = SPEC.matcher(spec);
            if (!matcher.matches() || spec.equals("-")) {
                return List.of();
            }
            Spec parsed = spec(matcher.group(1), matcher.group(2));
            // "An int-range … is invalid if the last-pos value is present and less than first-pos."
            if (parsed instanceof Spec.FirstLast(long first, long last) && last < first) {
                return List.of();
            }
            specs.add(parsed);
        }
        return specs;
    }

    private static Spec spec(String first, String last) {
        if (first.isEmpty()) {
            return new Spec.Suffix(saturated(last));
        }
        return last.isEmpty() ? new Spec.From(saturated(first)) : new Spec.FirstLast(saturated(first), saturated(last));
    }

    /** Beyond what a long holds every position is behind the end of every object. */
    private static long saturated(String digits) {
        String significant = digits.replaceFirst("^0+(?=.)", "");
        return significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong(significant);
    }

    /** Without the optional white space around list elements (RFC 9110 §5.6.1, §5.6.3): blanks and tabs. */
    private static String withoutSpace(String element) {
        int from = 0;
        int to = element.length();
        while (from < to && isSpace(element.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(element.charAt(to - 1))) {
            to--;
        }
        return element.substring(from, to);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    private static boolean areDisjointAndAscending(List<ByteRange> ranges) {
        for (int i = 1; i < ranges.size(); i++) {
            if (ranges.get(i).first() <= ranges.get(i - 1).last()) {
                return false;
            }
        }
        return true;
    }
}
