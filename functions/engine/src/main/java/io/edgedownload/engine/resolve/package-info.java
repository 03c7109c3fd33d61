/**
 * Names to addresses. Input: a host; output: its addresses, and how far they can be relied on, by a deadline. A hit takes no
 * lock and blocks nowhere; a miss blocks its caller, who is on a virtual thread, while queries run on virtual threads of
 * their own. Each name's state is one immutable record behind one compare-and-set; events are told after it.
 */
@NullMarked
package io.edgedownload.engine.resolve;

import org.jspecify.annotations.NullMarked;
