package io.edgedownload.engine.request;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which part of an object a request selects, and whether its conditions hold: RFC 9110 §13 and §14 in one place. */
public final class Selection {
    private Selection() {}

    /**
     * Evaluates the conditions in the order of RFC 9110 §13.2.2, then the range.
     *
     * @param get whether the method is GET; otherwise it is HEAD, for which "a server MUST ignore a Range header field" (§14.2)
     */
    public static Selected select(boolean get, Conditions conditions, Representation representation) {
        if (!preconditionHolds(conditions, representation)) {
            return new Selected.PreconditionFailed();
        }
        if (notModified(conditions, representation)) {
            return new Selected.NotModified();
        }
        // Step 5: "When the method is GET and both Range and If-Range are present, evaluate the If-Range precondition"
        String range = conditions.range();
        if (!get || range == null || !rangeApplies(conditions.ifRange(), representation)) {
            return new Selected.Whole();
        }
        return RangeField.select(range, representation.lengthBytes());
    }

    /** Steps 1 and 2. */
    private static boolean preconditionHolds(Conditions conditions, Representation representation) {
        String ifMatch = conditions.ifMatch();
        if (ifMatch != null) {
            // Step 1: "When recipient is the origin server and If-Match is present, … if false, … 412"
            // §13.1.1: "If the field value is "*", the condition is true if the origin server has a current
            // representation"
            // "A recipient MUST use the strong comparison function when comparing entity tags for If-Match."
            return isAny(ifMatch)
                    || EntityTags.contain(ifMatch, representation.etag(), true).orElse(false);
        }
        // Step 2: "If-Match is not present, and If-Unmodified-Since is present"
        Instant lastModified = representation.lastModified();
        Instant since = date(conditions.ifUnmodifiedSince());
        // §13.1.4: "If the selected representation's last modification date is earlier or equal to the date provided";
        // "A
        // recipient MUST ignore" it when the resource has no modification date or the value is not a date.
        return since == null || lastModified == null || !lastModified.isAfter(since);
    }

    /** Steps 3 and 4, for GET and HEAD. */
    private static boolean notModified(Conditions conditions, Representation representation) {
        String ifNoneMatch = conditions.ifNoneMatch();
        if (ifNoneMatch != null) {
            // Step 3: "if false for GET/HEAD, respond 304"
            // §13.1.2: "A recipient MUST use the weak comparison function when comparing entity tags for If-None-Match"
            return isAny(ifNoneMatch)
                    || EntityTags.contain(ifNoneMatch, representation.etag(), false)
                            .orElse(false);
        }
        // Step 4: "the method is GET or HEAD, If-None-Match is not present, and If-Modified-Since is present"
        Instant lastModified = representation.lastModified();
        Instant since = date(conditions.ifModifiedSince());
        // §13.1.3: "If the selected representation's last modification date is earlier or equal to the date provided …,
        // the
        // condition is false."
        return since != null && lastModified != null && !lastModified.isAfter(since);
    }

    /** §13.1.5; without If-Range the Range field applies. */
    private static boolean rangeApplies(@Nullable String ifRange, Representation representation) {
        if (ifRange == null) {
            return true;
        }
        String validator = ifRange.strip();
        // "A valid entity-tag can be distinguished from a valid HTTP-date by examining the first three characters for a
        // DQUOTE."
        if (validator.startsWith("\"") || validator.startsWith("W/\"")) {
            // "using the strong comparison function": a weak tag never matches.
            return validator.equals(representation.etag());
        }
        // "If the HTTP-date validator provided … exactly matches the Last-Modified field value"
        Instant date = HttpDate.parse(validator);
        return date != null && date.equals(representation.lastModified());
    }

    private static boolean isAny(String list) {
        return list.strip().equals("*");
    }

    private static @Nullable Instant date(@Nullable String field) {
        return field == null ? null : HttpDate.parse(field);
    }
}
