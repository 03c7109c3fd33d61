package io.edgedownload.engine.request;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Range field (RFC 9110 §14.1, §14.2). */
final class RangeField {
    private static final int MAX_CHARACTERS = 4 << 10;
    private static final int MAX_RANGES = 8;
    private static final String UNIT = "bytes=";
    private static final Pattern SPEC = Pattern.compile("([0-9]*)-([0-9]*)");
    private static final BigInteger MAX_POSITION = BigInteger.valueOf(Long.MAX_VALUE);

    private RangeField() {}

    /** One element of the field as it was sent; positions beyond what a long holds are the largest long. */
    private sealed interface Spec {
        /** The bytes of an object this long, or empty when they are none of it ("unsatisfiable"). */
        Optional<ByteRange> within(long lengthBytes);

        /** {@code first-last}, or {@code first-} with the largest last. */
        record Int(long first, long last) implements Spec {
            @Override
            public Optional<ByteRange> within(long lengthBytes) {
                // §14.1.2: satisfiable is "an int-range with a first-pos that is less than the current length".
                // "if the value is greater than or equal to the current length of the representation data, the byte
                // range is interpreted as the remainder of the representation"
                return first < lengthBytes
                        ? Optional.of(new ByteRange(first, Math.min(last, lengthBytes - 1)))
                        : Optional.empty();
            }
        }

        /** {@code -length}: the end of the object. */
        record Suffix(long suffixBytes) implements Spec {
            @Override
            public Optional<ByteRange> within(long lengthBytes) {
                // §14.1.2: "a suffix-range with a non-zero suffix-length" is satisfiable, of an empty object too; but
                // no Content-Range can say "no bytes", so that this too is answered with 416.
                // "If the selected representation is shorter than the specified suffix-length, the entire
                // representation is used."
                return suffixBytes > 0 && lengthBytes > 0
                        ? Optional.of(new ByteRange(Math.max(0, lengthBytes - suffixBytes), lengthBytes - 1))
                        : Optional.empty();
            }
        }
    }

    /** What the field selects; the whole when it has to be ignored. */
    static Selected select(String field, long lengthBytes) {
        List<Spec> specs = parse(field);
        // §14.2: "A server that supports range requests MAY ignore or reject a Range header field that contains an
        // invalid ranges-specifier …, a ranges-specifier with more than two overlapping ranges, or a set of many small
        // ranges that are not listed in ascending order": all of them are ignored here, and so is any that overlaps.
        if (specs.isEmpty() || specs.size() > MAX_RANGES) {
            return new Selected.Whole();
        }
        List<ByteRange> ranges = specs.stream()
                .flatMap(spec -> spec.within(lengthBytes).stream())
                .toList();
        // §14.2: 206 with the parts "that correspond to the satisfiable range-spec(s) requested", 416 if there are
        // none.
        return switch (ranges.size()) {
            case 0 -> new Selected.Unsatisfiable();
            case 1 -> new Selected.Part(ranges.getFirst());
            default -> areDisjointAndAscending(ranges) ? new Selected.Parts(ranges) : new Selected.Whole();
        };
    }

    /** The elements, or none when the field is not a valid set of byte ranges. */
    private static List<Spec> parse(String field) {
        // §14.1: "All range unit names are case-insensitive".
        // §14.2: "An origin server MUST ignore a Range header field that contains a range unit it does not understand."
        if (field.length() > MAX_CHARACTERS || !startsWithUnit(field.strip())) {
            return List.of();
        }
        List<Spec> specs = new ArrayList<>();
        for (String element : field.strip().substring(UNIT.length()).split(",", -1)) {
            String spec = withoutSpace(element);
            // §5.6.1.2: "A recipient MUST parse and ignore a reasonable number of empty list elements".
            if (!spec.isEmpty()) {
                Optional<Spec> parsed = spec(spec);
                if (parsed.isEmpty()) {
                    return List.of();
                }
                specs.add(parsed.get());
            }
        }
        return specs;
    }

    private static boolean startsWithUnit(String field) {
        return field.length() > UNIT.length()
                && field.substring(0, UNIT.length()).toLowerCase(Locale.ROOT).equals(UNIT);
    }

    private static Optional<Spec> spec(String text) {
        Matcher positions = SPEC.matcher(text);
        if (!positions.matches() || text.equals("-")) {
            return Optional.empty();
        }
        String first = positions.group(1);
        String last = positions.group(2);
        if (first.isEmpty()) {
            return Optional.of(new Spec.Suffix(saturated(last)));
        }
        Spec.Int range = new Spec.Int(saturated(first), last.isEmpty() ? Long.MAX_VALUE : saturated(last));
        // §14.1.1: "An int-range is invalid if the last-pos value is present and less than the first-pos."
        return range.last() < range.first() ? Optional.empty() : Optional.of(range);
    }

    /** §14.1.2: "recipients MUST anticipate potentially large decimal numerals". */
    private static long saturated(String digits) {
        return new BigInteger(digits).min(MAX_POSITION).longValueExact();
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
