package io.edgedownload.engine.guard;

/** Why the network is taken for sick. */
public enum Cause {
    /** More connections than an instance should have. */
    CONNECTIONS,
    /** More of the segments had to be sent again than a healthy path loses. */
    RETRANSMITS
}
