/**
 * Keeps an instance from making a sick network sicker. Input: counters of the system's TCP; output: whether there are too many
 * connections or retransmissions, and turns to send within a limit, one a client.
 *
 * <p>{@link GuardState} is a value, without a clock or a thread. {@link Pacer} is for any thread and never blocks: a lock is held
 * for the time that it takes to hand out turns.
 */
@NullMarked
package io.edgedownload.engine.guard;

import org.jspecify.annotations.NullMarked;
