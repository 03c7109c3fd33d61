package io.edgedownload.fleet;

import io.edgedownload.fleet.v1.Directive;
import io.edgedownload.fleet.v1.Heartbeat;
import io.edgedownload.fleet.v1.Hello;

/** Whom a stream to a coordinator is for. */
public interface FleetPeer {
    /** Who it is; the session is filled in. Called on the stream's context: it must not block. */
    Hello hello();

    /** How it is now. Called on a thread that may block. */
    Heartbeat heartbeat();

    /** An order, neither a welcome nor an acknowledgement. Called on the stream's context: it must not block. */
    void ordered(Directive directive);

    /** There is a coordinator, for the first time or again. */
    void joined(String coordinator);

    /** There is none any more, or still none; called once for each attempt. */
    void away(String reason);
}
