/** Names to addresses. Input: a host name; output: its addresses. Blocks until the deadline; called from virtual threads. */
@NullMarked
package io.edgedownload.engine.resolve;

import org.jspecify.annotations.NullMarked;
