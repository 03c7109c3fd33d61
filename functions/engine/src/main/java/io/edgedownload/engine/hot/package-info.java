/** What is asked for most, here and on all instances together, so that it is kept and fetched ahead. */
@NullMarked
package io.edgedownload.engine.hot;

import org.jspecify.annotations.NullMarked;
