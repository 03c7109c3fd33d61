package io.edgedownload.engine.resolve;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Address;
import org.xbill.DNS.ClientSubnetOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.OPTRecord;

/**
 * What each query says of this resolver (RFC 6891).
 *
 * @param udpSizeBytes the largest datagram that is asked for, 512 to 4096; 1232 passes every path without fragments
 * @param dnssecOk whether signatures may come with the answer (RFC 3225)
 * @param clientSubnet on whose behalf it asks (RFC 7871); none when the answer must not depend on it
 */
public record Edns(
        int udpSizeBytes, boolean dnssecOk, @Nullable ClientSubnet clientSubnet) {
    static final int MIN_UDP_BYTES = 512;
    static final int MAX_UDP_BYTES = 4_096;

    public Edns {
        if (udpSizeBytes < MIN_UDP_BYTES || udpSizeBytes > MAX_UDP_BYTES) {
            throw new IllegalArgumentException(
                    "must be " + MIN_UDP_BYTES + " to " + MAX_UDP_BYTES + " bytes, not " + udpSizeBytes);
        }
    }

    /**
     * @param address of the network: its bits beyond the prefix are cleared (RFC 7871 §6)
     * @param prefixBits how much of the address is told: an answer for a neighbour serves as well
     */
    public record ClientSubnet(InetAddress address, int prefixBits) {
        public ClientSubnet {
            int bits = address.getAddress().length * 8;
            if (prefixBits < 0 || prefixBits > bits) {
                throw new IllegalArgumentException("must be 0 to " + bits + " bits, not " + prefixBits);
            }
            address = Address.truncate(address, prefixBits);
        }
    }

    OPTRecord toRecord() {
        List<EDNSOption> options = clientSubnet == null
                ? List.of()
                : List.of(new ClientSubnetOption(clientSubnet.prefixBits(), clientSubnet.address()));
        return new OPTRecord(udpSizeBytes, 0, 0, dnssecOk ? ExtendedFlags.DO : 0, options);
    }
}
