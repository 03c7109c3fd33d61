package io.edgedownload.engine.connect;

import java.net.InetAddress;
import java.time.Duration;

/** What happened to connections, for metrics and logs. */
public sealed interface ConnectEvent {
    /**
     * A lease was held over its time and taken back.
     *
     * @param place what the connection was used for, without query
     * @param held for how long
     */
    record Leaked(Holder holder, String place, InetAddress address, Duration held) implements ConnectEvent {}

    /** A new connection is in use for the first time. */
    record Opened(Origin origin, InetAddress address) implements ConnectEvent {}

    /** Other limits hold from now on. */
    record Reconfigured(Limits limits) implements ConnectEvent {}

    /** The address is tried after all others of its name from now on. */
    record Demoted(Origin origin, InetAddress address, Symptom symptom) implements ConnectEvent {}

    /** The address answered a probe and is like all others again. */
    record Healed(Origin origin, InetAddress address) implements ConnectEvent {}

    /**
     * The process had been frozen, or the wall clock was set forward; what had been idle meanwhile was taken out of service.
     *
     * @param gap the longest that one of the connections had not been used
     * @param connections how many, at least one
     */
    record Thawed(Duration gap, int connections) implements ConnectEvent {}

    /**
     * Connections were taken out of service: the idle ones at once, the others after their exchange.
     *
     * @param connections how many, at least one
     */
    record Drained(Origin origin, InetAddress address, Reason reason, int connections) implements ConnectEvent {
        /** Why. */
        public enum Reason {
            /** The address was demoted. */
            DEMOTED,
            /** Another connection to it had been left by the other end. */
            SIBLING_BROKEN,
            /** The name has other addresses now. */
            ADDRESS_LEFT
        }
    }
}
