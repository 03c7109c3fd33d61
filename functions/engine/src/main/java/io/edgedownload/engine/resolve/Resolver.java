package io.edgedownload.engine.resolve;

import io.edgedownload.engine.time.Deadline;
import java.net.InetAddress;
import java.util.List;

/** Finds the addresses of a host. */
public interface Resolver {
    /**
     * Blocks until there is an answer or the deadline has passed.
     *
     * @param host a name or an address literal, IPv6 without brackets
     */
    Resolution resolve(String host, Deadline deadline) throws InterruptedException;

    /** What came of it. */
    sealed interface Resolution {
        /** @param addresses in the order to try them; at least one */
        record Resolved(List<InetAddress> addresses) implements Resolution {
            public Resolved {
                addresses = List.copyOf(addresses);
            }
        }

        /** The name does not exist or has no address. */
        record NoAddress() implements Resolution {}

        record TimedOut() implements Resolution {}
    }
}
