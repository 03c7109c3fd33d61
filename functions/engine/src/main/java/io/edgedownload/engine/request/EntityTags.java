package io.edgedownload.engine.request;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists of entity tags (RFC 9110 §8.8.3, §13.1.1). A list that breaks the grammar holds no tag. */
final class EntityTags {
    /** One list element: {@code entity-tag = [ "W/" ] DQUOTE *etagc DQUOTE}, in optional white space. */
    private static final Pattern ELEMENT =
            Pattern.compile("\\G[ \\t,]*(W/)?(\"[\\x21\\x23-\\x7e\\x80-\\xff]*\")[ \\t]*(?:,|\\z)");

    private static final Pattern REST = Pattern.compile("[ \\t,]*");

    private EntityTags() {}

    /** §8.8.3.2: "two entity tags are equivalent if both are not weak and their opaque-tags match". */
    static boolean containStrongly(String list, String strongEtag) {
        return contain(list, strongEtag, false);
    }

    /** §8.8.3.2: equivalent if the opaque-tags match, "regardless of either or both being tagged as 'weak'". */
    static boolean containWeakly(String list, String strongEtag) {
        return contain(list, strongEtag, true);
    }

    private static boolean contain(String list, String strongEtag, boolean weakToo) {
        Matcher element = ELEMENT.matcher(list);
        boolean found = false;
        int end = 0;
        while (element.find()) {
            end = element.end();
            boolean weak = element.group(1) != null;
            found |= (weakToo || !weak) && strongEtag.equals(element.group(2));
        }
        // Also what stands behind the match is read: half a list is no condition that anybody meant.
        return found && REST.matcher(list).region(end, list.length()).matches();
    }
}
