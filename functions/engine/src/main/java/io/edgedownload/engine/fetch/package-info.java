/**
 * One range from one source. Input: what to ask for and what the answer must be; output: exactly those bytes or the reason why
 * not. Called from virtual threads; answers are read on the connection's event loop.
 */
@NullMarked
package io.edgedownload.engine.fetch;

import org.jspecify.annotations.NullMarked;
