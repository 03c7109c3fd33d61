package io.edgedownload.engine.resolve;

import org.xbill.DNS.Name;
import org.xbill.DNS.TextParseException;

/**
 * What a name server is asked: the addresses of one family.
 *
 * @param name absolute
 */
record Question(Name name, Family family) {

    /**
     * An absolute name of at most 255 octets, its labels of at most 63 (RFC 1035 §2.3.4).
     *
     * @throws IllegalArgumentException saying what is wrong with it
     */
    static Name nameOf(String text) {
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException("'" + text + "' is not a name: " + e.getMessage(), e);
        }
    }

    @Override
    public String toString() {
        return name + " " + family;
    }
}
