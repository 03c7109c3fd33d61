/**
 * The one clock and the one deadline. Input: a budget; output: how much of it is left. Any thread; no state.
 */
@NullMarked
package io.edgedownload.engine.time;

import org.jspecify.annotations.NullMarked;
