package io.edgedownload.engine.connect;

import java.net.InetAddress;

/** Where a connection leads: one address of an origin. */
record Peer(Origin origin, InetAddress address) {}
