package io.edgedownload.engine.request;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of RFC 9110 §13 and §14 as rows: what they say, the object's length, a request's fields, what it selects. */
final class SelectionTest {
    private static final String ETAG = "\"g1\"";
    private static final Instant LAST_MODIFIED = Instant.parse("1994-11-06T08:49:37Z");

    /** GET and HEAD are of an object with a modification date; "undated" has none. Fields are split at " & "; "(empty)" is an empty value. */
    @ParameterizedTest(name = "{0}: {1} {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "-", textBlock = """
            # --- §14.2: without a range, or with one that is ignored
            no Range selects everything                        | GET 100 | -                                    | whole
            nothing of an empty object is still everything     | GET 0   | -                                    | whole
            Range is defined for GET only                      | HEAD 100 | Range: bytes=0-4                    | whole
            nor is it refused for HEAD                         | HEAD 100 | Range: bytes=200-                   | whole
            an unknown unit is ignored                         | GET 100 | Range: items=0-4                     | whole
            a unit that only begins like ours is unknown       | GET 100 | Range: bytes2=0-4                    | whole
            a range without a unit is invalid                  | GET 100 | Range: 0-4                           | whole
            a unit without a set is invalid                    | GET 100 | Range: bytes=                        | whole
            a unit alone is invalid                            | GET 100 | Range: bytes                         | whole
            no space belongs before the equals sign            | GET 100 | Range: bytes =0-4                    | whole
            an empty value is invalid                          | GET 100 | Range: (empty)                            | whole
            # --- §14.1.2: one range
            unit names are case-insensitive                    | GET 100 | Range: ByTeS=0-4                     | part 0-4
            both ends are included                             | GET 100 | Range: bytes=0-0                     | part 0-0
            the last byte by number                            | GET 100 | Range: bytes=99-99                   | part 99-99
            all bytes are still a part                         | GET 100 | Range: bytes=0-99                    | part 0-99
            a last-pos behind the end is clamped               | GET 100 | Range: bytes=90-100                  | part 90-99
            a last-pos far behind the end is clamped           | GET 100 | Range: bytes=0-999999                | part 0-99
            without last-pos it is the remainder               | GET 100 | Range: bytes=95-                     | part 95-99
            from the start without last-pos                    | GET 100 | Range: bytes=0-                      | part 0-99
            a suffix is the last bytes                         | GET 100 | Range: bytes=-5                      | part 95-99
            a suffix of one                                    | GET 100 | Range: bytes=-1                      | part 99-99
            a suffix as long as the object                     | GET 100 | Range: bytes=-100                    | part 0-99
            a suffix longer than the object is all of it       | GET 100 | Range: bytes=-101                    | part 0-99
            leading zeros count for nothing                    | GET 100 | Range: bytes=0000000000000000000000005-06 | part 5-6
            the only byte of an object                         | GET 1   | Range: bytes=0-                      | part 0-0
            white space around the value is no part of it      | GET 100 | Range:   bytes=0-4                   | part 0-4
            # --- §14.1.2: unsatisfiable
            a first-pos at the end                             | GET 100 | Range: bytes=100-                    | unsatisfiable
            a first-pos behind the end                         | GET 100 | Range: bytes=101-200                 | unsatisfiable
            a suffix of nothing                                | GET 100 | Range: bytes=-0                      | unsatisfiable
            a suffix of nothing, at length                     | GET 100 | Range: bytes=-000                    | unsatisfiable
            a range of an empty object                         | GET 0   | Range: bytes=0-                      | unsatisfiable
            the first byte of an empty object                  | GET 0   | Range: bytes=0-0                     | unsatisfiable
            a suffix of an empty object                        | GET 0   | Range: bytes=-5                      | unsatisfiable
            several ranges of an empty object                  | GET 0   | Range: bytes=0-1,-5                  | unsatisfiable
            several ranges behind the end                      | GET 100 | Range: bytes=100-,200-300,-0         | unsatisfiable
            # --- §14.1.2: large decimal numerals
            a last-pos beyond 64 bits is clamped               | GET 100 | Range: bytes=5-99999999999999999999  | part 5-99
            a first-pos beyond 64 bits is behind every end     | GET 100 | Range: bytes=99999999999999999999-   | unsatisfiable
            a suffix beyond 64 bits is all                     | GET 100 | Range: bytes=-99999999999999999999   | part 0-99
            the largest long as last-pos                       | GET 100 | Range: bytes=0-9223372036854775807   | part 0-99
            the largest long as first-pos                      | GET 100 | Range: bytes=9223372036854775807-    | unsatisfiable
            the largest long as suffix                         | GET 100 | Range: bytes=-9223372036854775807    | part 0-99
            two to the 64 does not wrap to zero                | GET 100 | Range: bytes=18446744073709551616-   | unsatisfiable
            a huge first-pos before a small last-pos           | GET 100 | Range: bytes=99999999999999999999-1  | whole
            the end of the largest object                      | GET 9223372036854775807 | Range: bytes=-1       | part 9223372036854775806-9223372036854775806
            # --- §14.1.1: invalid sets are ignored as a whole
            last-pos before first-pos                          | GET 100 | Range: bytes=5-4                     | whole
            one invalid element spoils the others              | GET 100 | Range: bytes=0-4,9-8                 | whole
            invalid comes before unsatisfiable                 | GET 100 | Range: bytes=200-,9-8                | whole
            no positions at all                                | GET 100 | Range: bytes=-                       | whole
            a position without a dash                          | GET 100 | Range: bytes=5                       | whole
            two dashes                                         | GET 100 | Range: bytes=0--4                    | whole
            three positions                                    | GET 100 | Range: bytes=0-4-8                   | whole
            a sign is no digit                                 | GET 100 | Range: bytes=+0-4                    | whole
            letters are no digits                              | GET 100 | Range: bytes=a-f                     | whole
            hexadecimal is no decimal                          | GET 100 | Range: bytes=0x0-0x4                 | whole
            digits of other scripts are no digits              | GET 100 | Range: bytes=\u0660-\u0664           | whole
            space inside a range                               | GET 100 | Range: bytes=0 - 4                   | whole
            semicolons are no commas                           | GET 100 | Range: bytes=0-4;6-8                 | whole
            a unit for every element                           | GET 100 | Range: bytes=0-4,bytes=6-8           | whole
            # --- §14.2: several ranges
            disjoint and ascending                             | GET 100 | Range: bytes=0-4,6-9                 | parts 0-4,6-9
            neighbours do not overlap                          | GET 100 | Range: bytes=0-4,5-9                 | parts 0-4,5-9
            the first and the last byte                        | GET 100 | Range: bytes=0-0,-1                  | parts 0-0,99-99
            the last one is clamped                            | GET 100 | Range: bytes=0-4,90-200              | parts 0-4,90-99
            the example of §14.1.2, with its blanks            | GET 10000 | Range: bytes= 0-999, 4500-5499, -1000 | parts 0-999,4500-5499,9000-9999
            blanks and tabs around commas                      | GET 100 | Range: bytes=0-4 \t,\t 6-9           | parts 0-4,6-9
            empty elements are ignored (§5.6.1.2)              | GET 100 | Range: bytes=,0-4,, ,6-9,            | parts 0-4,6-9
            an empty element is no second range                | GET 100 | Range: bytes=0-4,                    | part 0-4
            empty elements alone are no set                    | GET 100 | Range: bytes=, ,                     | whole
            unsatisfiable ones are left out                    | GET 100 | Range: bytes=0-4,6-9,200-300         | parts 0-4,6-9
            one left is a single part                          | GET 100 | Range: bytes=200-300,6-9             | part 6-9
            a suffix of nothing is left out                    | GET 100 | Range: bytes=-0,6-9                  | part 6-9
            what is left out breaks no order                   | GET 100 | Range: bytes=200-,0-4,150-,6-9       | parts 0-4,6-9
            overlapping                                        | GET 100 | Range: bytes=0-5,5-9                 | whole
            one within another                                 | GET 100 | Range: bytes=0-50,10-20              | whole
            the same twice                                     | GET 100 | Range: bytes=0-4,0-4                 | whole
            overlapping only when resolved                     | GET 100 | Range: bytes=0-96,-5                 | whole
            descending                                         | GET 100 | Range: bytes=6-9,0-4                 | whole
            descending only when resolved                      | GET 100 | Range: bytes=-5,0-4                  | whole
            eight are served                                   | GET 100 | Range: bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14 | parts 0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14
            nine are not                                       | GET 100 | Range: bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16 | whole
            nor nine of which one is satisfiable               | GET 100 | Range: bytes=0-0,200-,200-,200-,200-,200-,200-,200-,200- | whole
            nor nine of which none is                          | GET 100 | Range: bytes=200-,200-,200-,200-,200-,200-,200-,200-,200- | whole
            several lines are one list (§5.3)                  | GET 100 | Range: bytes=0-4, bytes=6-9          | whole
            # --- §13.1.5: If-Range
            the strong tag applies the range                   | GET 100 | If-Range: "g1" & Range: bytes=0-4    | part 0-4
            another tag gives everything                       | GET 100 | If-Range: "g2" & Range: bytes=0-4    | whole
            a weak tag never matches                           | GET 100 | If-Range: W/"g1" & Range: bytes=0-4  | whole
            there is no any                                    | GET 100 | If-Range: * & Range: bytes=0-4       | whole
            nor a list                                         | GET 100 | If-Range: "g1", "g2" & Range: bytes=0-4 | whole
            a tag without quotes is none                       | GET 100 | If-Range: g1 & Range: bytes=0-4      | whole
            an empty value matches nothing                     | GET 100 | If-Range: (empty) & Range: bytes=0-4      | whole
            the exact date applies the range                   | GET 100 | If-Range: Sun, 06 Nov 1994 08:49:37 GMT & Range: bytes=0-4 | part 0-4
            an earlier date does not                           | GET 100 | If-Range: Sun, 06 Nov 1994 08:49:36 GMT & Range: bytes=0-4 | whole
            nor does a later one                               | GET 100 | If-Range: Sun, 06 Nov 1994 08:49:38 GMT & Range: bytes=0-4 | whole
            a date says nothing of an undated object           | undated 100 | If-Range: Sun, 06 Nov 1994 08:49:37 GMT & Range: bytes=0-4 | whole
            without Range it is ignored                        | GET 100 | If-Range: "g2"                       | whole
            a mismatch comes before unsatisfiable              | GET 100 | If-Range: "g2" & Range: bytes=200-   | whole
            a match leaves unsatisfiable what is               | GET 100 | If-Range: "g1" & Range: bytes=200-   | unsatisfiable
            a match leaves several ranges several              | GET 100 | If-Range: "g1" & Range: bytes=0-0,2-2 | parts 0-0,2-2
            # --- §13.1.1: If-Match
            the tag holds                                      | GET 100 | If-Match: "g1"                       | whole
            the tag in a list holds                            | GET 100 | If-Match: "g0", "g1" ,"g2"           | whole
            any holds                                          | GET 100 | If-Match: *                          | whole
            any holds of an empty object                       | GET 0   | If-Match: *                          | whole
            another tag fails                                  | GET 100 | If-Match: "g2"                       | precondition failed
            the comparison is strong                           | GET 100 | If-Match: W/"g1"                     | precondition failed
            a weak tag beside the strong one harms nothing     | GET 100 | If-Match: W/"g1", "g1"               | whole
            a comma within a tag is part of it                 | GET 100 | If-Match: "g0,g1"                    | precondition failed
            a tag without quotes is none                       | GET 100 | If-Match: g1                         | precondition failed
            a malformed list holds nothing                     | GET 100 | If-Match: "g1", g2                   | precondition failed
            an unclosed tag is malformed                       | GET 100 | If-Match: "g1", "g2                  | precondition failed
            tags need commas between them                      | GET 100 | If-Match: "g0" "g1"                  | precondition failed
            an empty list holds nothing                        | GET 100 | If-Match: (empty)                         | precondition failed
            empty elements are ignored                         | GET 100 | If-Match: ,"g0",, "g1",              | whole
            it fails for HEAD too                              | HEAD 100 | If-Match: "g2"                      | precondition failed
            # --- §13.1.4: If-Unmodified-Since
            the same second holds                              | GET 100 | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT | whole
            a later date holds                                 | GET 100 | If-Unmodified-Since: Mon, 07 Nov 1994 08:49:37 GMT | whole
            an earlier date fails                              | GET 100 | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT | precondition failed
            it fails for HEAD too                              | HEAD 100 | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT | precondition failed
            no date is ignored                                 | GET 100 | If-Unmodified-Since: yesterday       | whole
            without a modification date it is ignored          | undated 100 | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT | whole
            # --- §13.1.2: If-None-Match
            the tag is not modified                            | GET 100 | If-None-Match: "g1"                  | not modified
            the comparison is weak                             | GET 100 | If-None-Match: W/"g1"                | not modified
            the tag in a list is not modified                  | GET 100 | If-None-Match: "g0", W/"g1"          | not modified
            any is not modified                                | GET 100 | If-None-Match: *                     | not modified
            another tag is modified                            | GET 100 | If-None-Match: "g2"                  | whole
            tags are compared with their case                  | GET 100 | If-None-Match: "G1"                  | whole
            the mark of weakness has a case too                | GET 100 | If-None-Match: w/"g1"                | whole
            any beside a tag is malformed                      | GET 100 | If-None-Match: "g1", *               | whole
            a malformed list is no match                       | GET 100 | If-None-Match: "g1" g2               | whole
            it holds for HEAD too                              | HEAD 100 | If-None-Match: "g1"                 | not modified
            # --- §13.1.3: If-Modified-Since
            the same second is not modified                    | GET 100 | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT | not modified
            a later date is not modified                       | GET 100 | If-Modified-Since: Mon, 07 Nov 1994 08:49:37 GMT | not modified
            an earlier date is modified                        | GET 100 | If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT | whole
            it holds for HEAD too                              | HEAD 100 | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT | not modified
            without a modification date it is ignored          | undated 100 | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT | whole
            # --- §5.6.7: HTTP dates
            the format of RFC 850                              | GET 100 | If-Modified-Since: Sunday, 06-Nov-94 08:49:37 GMT | not modified
            the format of asctime                              | GET 100 | If-Modified-Since: Sun Nov  6 08:49:37 1994 | not modified
            asctime with two digits of a day                   | GET 100 | If-Modified-Since: Wed Nov 16 08:49:37 1994 | not modified
            two digits of a year in this century               | GET 100 | If-Modified-Since: Friday, 06-Nov-26 08:49:37 GMT | not modified
            a day that no calendar has                         | GET 100 | If-Modified-Since: Sat, 30 Feb 1998 08:49:37 GMT | whole
            a wrong day of the week                            | GET 100 | If-Modified-Since: Mon, 06 Nov 1994 08:49:37 GMT | whole
            an hour that no day has                            | GET 100 | If-Modified-Since: Sun, 06 Nov 1994 24:00:00 GMT | whole
            a year of five digits                              | GET 100 | If-Modified-Since: Sun, 06 Nov +11994 08:49:37 GMT | whole
            another time zone                                  | GET 100 | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 CET | whole
            no time zone                                       | GET 100 | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 | whole
            a date of another kind                             | GET 100 | If-Modified-Since: 1994-11-06T08:49:37Z | whole
            a list of dates is none                            | GET 100 | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT | whole
            # --- §13.2.2: the order
            step 1 replaces step 2                             | GET 100 | If-Match: "g1" & If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT | whole
            step 1 replaces step 2 when it fails               | GET 100 | If-Match: "g2" & If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT | precondition failed
            step 1 before step 3                               | GET 100 | If-Match: "g2" & If-None-Match: "g1" | precondition failed
            from step 1 on to step 3                           | GET 100 | If-Match: "g1" & If-None-Match: "g1" | not modified
            step 2 before step 3                               | GET 100 | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT & If-None-Match: "g1" | precondition failed
            step 2 before step 4                               | GET 100 | If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT & If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT | precondition failed
            step 3 replaces step 4                             | GET 100 | If-None-Match: "g2" & If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT | whole
            step 3 replaces step 4 when malformed              | GET 100 | If-None-Match: g1 & If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT | whole
            step 3 alone decides                               | GET 100 | If-None-Match: "g1" & If-Modified-Since: Sun, 06 Nov 1994 08:49:36 GMT | not modified
            step 1 before the range                            | GET 100 | If-Match: "g2" & Range: bytes=200-   | precondition failed
            step 3 before the range                            | GET 100 | If-None-Match: "g1" & Range: bytes=0-4 | not modified
            step 4 before the range                            | GET 100 | If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT & Range: bytes=200- | not modified
            step 3 before step 5                               | GET 100 | If-None-Match: "g1" & If-Range: "g1" & Range: bytes=0-4 | not modified
            all hold, then the range                           | GET 100 | If-Match: "g1" & If-None-Match: "g2" & If-Range: "g1" & Range: bytes=0-4 | part 0-4
            step 5 is for GET only                             | HEAD 100 | If-Range: "g1" & Range: bytes=0-4   | whole
            """)
    void selectsWhatTheRuleSays(String rule, String request, @Nullable String fields, String selected) {
        String[] words = request.split(" ", -1);
        Representation representation =
                new Representation(Long.parseLong(words[1]), ETAG, words[0].equals("undated") ? null : LAST_MODIFIED);
        assertEquals(
                selected, text(Selection.select(!words[0].equals("HEAD"), conditions(fields), representation)), rule);
    }

    private static Conditions conditions(@Nullable String fields) {
        Map<String, String> values = new HashMap<>();
        if (fields != null) {
            Arrays.stream(fields.split(" & ", -1))
                    .map(field -> field.split(": ?", 2))
                    .forEach(field -> values.put(field[0], field[1].replace("(empty)", "")));
        }
        Conditions conditions = new Conditions(
                values.remove("Range"),
                values.remove("If-Range"),
                values.remove("If-Match"),
                values.remove("If-None-Match"),
                values.remove("If-Modified-Since"),
                values.remove("If-Unmodified-Since"));
        assertEquals(Map.of(), values, "a row with a field that means nothing tests nothing");
        return conditions;
    }

    private static String text(Selected selected) {
        return switch (selected) {
            case Selected.Whole() -> "whole";
            case Selected.Part(ByteRange range) -> "part " + text(range);
            case Selected.Parts(var ranges) ->
                ranges.stream().map(SelectionTest::text).collect(Collectors.joining(",", "parts ", ""));
            case Selected.NotModified() -> "not modified";
            case Selected.PreconditionFailed() -> "precondition failed";
            case Selected.Unsatisfiable() -> "unsatisfiable";
        };
    }

    private static String text(ByteRange range) {
        return range.first() + "-" + range.last();
    }
}
