package io.edgedownload.guard;

/**
 * What each socket of a limited control group may send, so that all of them together send what the group may. The kernel paces
 * sockets, not groups: who sends less than its share leaves the rest to the others, so the share is raised while less than the limit
 * goes out, and lowered in proportion while more does. That ends in max-min fairness between sockets.
 *
 * @param bytesPerSecond of one socket, at least 1
 */
record Share(long bytesPerSecond) {
    /** In one step: what was sent is known a step late, and more would swing. */
    private static final double HIGHEST_RISE = 1.5;

    /** That cannot be too much, whichever of them send. */
    static Share first(long limit, long sockets) {
        return new Share(even(limit, sockets));
    }

    /**
     * @param limit of the group, in bytes a second
     * @param sockets of it that are connected
     * @param sentPerSecond by the group, in bytes, with this share
     */
    Share next(long limit, long sockets, double sentPerSecond) {
        double factor = Math.min(HIGHEST_RISE, limit / Math.max(1, sentPerSecond));
        return new Share(Math.clamp(Math.round(bytesPerSecond * factor), even(limit, sockets), Math.max(1, limit)));
    }

    private static long even(long limit, long sockets) {
        return Math.max(1, limit / Math.max(1, sockets));
    }
}
