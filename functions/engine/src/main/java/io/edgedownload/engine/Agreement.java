package io.edgedownload.engine;

import io.edgedownload.engine.catalog.Validator;
import io.edgedownload.engine.fetch.Probed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether sources hold the same object, as far as they tell. */
final class Agreement {
    private Agreement() {}

    /** What the first source and another differ in, or null when they agree. */
    static @Nullable String difference(List<Probed.Present> found) {
        Probed.Present first = found.getFirst();
        for (int position = 1; position < found.size(); position++) {
            Probed.Present other = found.get(position);
            String difference = difference(first, other);
            if (difference != null) {
                return "source 1 and source " + (position + 1) + " differ: " + difference;
            }
        }
        return null;
    }

    private static @Nullable String difference(Probed.Present first, Probed.Present other) {
        if (first.lengthBytes() != other.lengthBytes()) {
            return first.lengthBytes() + " and " + other.lengthBytes() + " bytes";
        }
        Validator one = first.validator();
        Validator two = other.validator();
        if (one.etag() != null && two.etag() != null) {
            return opaque(one.etag()).equals(opaque(two.etag())) ? null : "ETag " + one.etag() + " and " + two.etag();
        }
        // What only one of them tells can be compared with nothing; and a date counts only where there are no entity
        // tags.
        boolean byDate = one.etag() == null && two.etag() == null;
        if (byDate && one.lastModified() != null && two.lastModified() != null) {
            return one.lastModified().equals(two.lastModified())
                    ? null
                    : "Last-Modified " + one.lastModified() + " and " + two.lastModified();
        }
        return null;
    }

    /** Weak comparison (RFC 9110 §8.8.3.2): a server that compresses on the way weakens the tag of the same object. */
    private static String opaque(String etag) {
        return etag.startsWith("W/") ? etag.substring(2) : etag;
    }
}
