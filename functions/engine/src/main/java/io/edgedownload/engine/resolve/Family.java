package io.edgedownload.engine.resolve;

import org.xbill.DNS.Type;

/** The two kinds of address, and the types of record that hold them. */
enum Family {
    IPV4(Type.A),
    IPV6(Type.AAAA);

    /** As in the registry of RR types. */
    private final int recordType;

    Family(int recordType) {
        this.recordType = recordType;
    }

    int recordType() {
        return recordType;
    }
}
