package io.edgedownload.engine.request;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Which part of an object a request selects, and whether its conditions hold: RFC 9110 §13 and §14 in one place. */
public final class Selection {
    private Selection() {}

    /**
     * Evaluates the conditions in the order of RFC 9110 §13.2.2, then the range.
     *
     * @param get whether the method is GET; otherwise it is HEAD
     */
    public static Selected select(boolean get, Conditions conditions, Representation representation) {
        if (!preconditionHolds(conditions, representation)) {
            return new Selected.PreconditionFailed();
        }
        if (notModified(conditions, representation)) {
            return new Selected.NotModified();
        }
        // §14.2: "A server MUST ignore a Range header field received with a request method that is unrecognized or for
        // which range handling is not defined. For this specification, GET is the only method for which range handling
        // is defined."
        String range = conditions.range();
        if (!get || range == null) {
            return new Selected.Whole();
        }
        // Step 5: "When the method is GET and both Range and If-Range are present, evaluate the If-Range precondition:
        // if true and the Range is applicable to the selected representation, respond 206 (Partial Content) otherwise,
        // ignore the Range header field and respond 200 (OK)".
        // §13.1.5: "A server MUST ignore an If-Range header field received in a request that does not contain a Range"
        String ifRange = conditions.ifRange();
        if (ifRange != null && !isCurrent(ifRange.strip(), representation)) {
            return new Selected.Whole();
        }
        return RangeField.select(range, representation.lengthBytes());
    }

    private static boolean preconditionHolds(Conditions conditions, Representation representation) {
        String ifMatch = conditions.ifMatch();
        if (ifMatch != null) {
            // Step 1: "When recipient is the origin server and If-Match is present, evaluate the If-Match precondition:
            // if true, continue to step 3 if false, respond 412 (Precondition Failed)".
            // §13.1.1: "If the field value is "*", the condition is true if the origin server has a current
            // representation"; "An origin server MUST use the strong comparison function".
            return isAny(ifMatch) || EntityTags.containStrongly(ifMatch, representation.etag());
        }
        // Step 2: "When recipient is the origin server, If-Match is not present, and If-Unmodified-Since is present,
        // evaluate the If-Unmodified-Since precondition".
        // §13.1.4: "If the selected representation's last modification date is earlier than or equal to the date
        // provided in the field value, the condition is true." A value that is no date, and any when no modification
        // date is available, MUST be ignored.
        Instant since = date(conditions.ifUnmodifiedSince());
        Instant lastModified = representation.lastModified();
        return since == null || lastModified == null || !lastModified.isAfter(since);
    }

    private static boolean notModified(Conditions conditions, Representation representation) {
        String ifNoneMatch = conditions.ifNoneMatch();
        if (ifNoneMatch != null) {
            // Step 3: "When If-None-Match is present, evaluate the If-None-Match precondition: if true, continue to
            // step
            // 5 if false for GET/HEAD, respond 304 (Not Modified)".
            // §13.1.2: "If the field value is "*", the condition is false if the origin server has a current
            // representation"; "A recipient MUST use the weak comparison function".
            return isAny(ifNoneMatch) || EntityTags.containWeakly(ifNoneMatch, representation.etag());
        }
        // Step 4: "When the method is GET or HEAD, If-None-Match is not present, and If-Modified-Since is present".
        // §13.1.3: "If the selected representation's last modification date is earlier or equal to the date provided in
        // the field value, the condition is false."
        Instant since = date(conditions.ifModifiedSince());
        Instant lastModified = representation.lastModified();
        return since != null && lastModified != null && !lastModified.isAfter(since);
    }

    /** Whether a validator of If-Range is that of the representation (§13.1.5). */
    private static boolean isCurrent(String validator, Representation representation) {
        // "A valid entity-tag can be distinguished from a valid HTTP-date by examining the first three characters for a
        // DQUOTE."
        if (validator.startsWith("\"") || validator.startsWith("W/\"")) {
            // "exactly matches the ETag field value … using the strong comparison function": a weak tag never does.
            return validator.equals(representation.etag());
        }
        // "exactly matches the Last-Modified field value": a later date is as wrong as an earlier one.
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
