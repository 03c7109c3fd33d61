package io.edgedownload.guard;

import io.edgedownload.engine.guard.Cause;
import java.util.EnumMap;
import java.util.Map;

/**
 * The node as the last look saw it.
 *
 * @param groups control groups that have, or had, sockets
 * @param counts of all of them, and of those that are gone
 * @param over how many groups are limited, by cause
 * @param losses what there was no room for in the kernel
 */
record Overview(int groups, Counts counts, Map<Cause, Long> over, NodeProgram.Losses losses) {
    static final Overview NOTHING =
            new Overview(0, Counts.NONE, new EnumMap<>(Cause.class), new NodeProgram.Losses(0, 0));

    Overview {
        over = Map.copyOf(over);
    }

    long over(Cause cause) {
        return over.getOrDefault(cause, 0L);
    }
}
