/** The download engine. */
@NullMarked
package io.edgedownload.engine;

import org.jspecify.annotations.NullMarked;
