package io.edgedownload.engine.resolve;

/** Hears of changes, on the thread that brought them; must not block. */
public interface ResolveListener {
    void addressesChanged(AddressesChanged change);

    /** @param failing whether it stopped to answer; else it answers again */
    void serverChanged(DnsServer server, boolean failing);
}
