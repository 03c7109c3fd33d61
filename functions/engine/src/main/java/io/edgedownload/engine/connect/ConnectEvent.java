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

    /** Other limits hold from now on. */
    record Reconfigured(Limits limits) implements ConnectEvent {}
}
