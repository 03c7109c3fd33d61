package io.edgedownload.engine.request;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists of entity tags (RFC 9110 §8.8.3, §13.1.1). */
final class EntityTags {
    /** One list element: {@code entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE}, in optional white space. */
    private static final Pattern ELEMENT =
            Pattern.compile("\\G[ \\t,]*(W/)?(\"[\\x21\\x23-\\x7e\\x80-\\xff]*\")[ \\t]*(?:,|$)");

    private static final Pattern REST = Pattern.compile("[ \\t,]*");

    private EntityTags() {}

    /**
     * Whether one of the list is the tag; empty when the list is malformed, so that what is no condition is not taken for one.
     *
     * @param strong whether weak tags match nothing (§8.8.3.2)
     * @param etag strong, with its quotes
     */
    static Optional<Boolean> contain(String list, String etag, boolean strong) {
        Matcher element = ELEMENT.matcher(list);
        boolean found = false;
        int end = 0;
        while (element.find()) {
            end = element.end();
            boolean weak = element.group(1) != null;
            found |= element.group(2).equals(etag) && !(strong && weak);
        }
        boolean wellFormed =
                end > 0 && REST.matcher(list).region(end, list.length()).matches();
        return wellFormed ? Optional.of(found) : Optional.empty();
    }
}
