package io.edgedownload.engine.connect;

import java.net.InetAddress;

/**
 * A block of addresses.
 *
 * @param prefix its first address
 * @param bits how many leading bits an address must share with it
 */
record Network(InetAddress prefix, int bits) {
    Network {
        if (bits < 0 || bits > prefix.getAddress().length * 8) {
            throw new IllegalArgumentException(
                    "a network's prefix length must be 0 to " + prefix.getAddress().length * 8 + ", not " + bits);
        }
    }

    /** Reads {@code address/bits} or one address. @throws IllegalArgumentException when it is neither */
    static Network parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        // The JDK reads 10.1 as 10.0.0.1, which whoever writes 10.1/16 does not mean.
        if (!address.contains(":") && !address.matches("[0-9]+(\\.[0-9]+){3}")) {
            throw new IllegalArgumentException("an IPv4 address is four numbers, unlike " + address);
        }
        InetAddress prefix = InetAddress.ofLiteral(address);
        int bits = slash < 0 ? prefix.getAddress().length * 8 : Integer.parseInt(text.substring(slash + 1));
        return new Network(prefix, bits);
    }

    boolean contains(InetAddress address) {
        byte[] mine = prefix.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit++) {
            int mask = 0x80 >> (bit % 8);
            if ((mine[bit / 8] & mask) != (other[bit / 8] & mask)) {
                return false;
            }
        }
        return true;
    }
}
