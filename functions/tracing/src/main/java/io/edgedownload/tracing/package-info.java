/** What edges and coordinators have in common where they make traces: a trace may begin in one and go on in the other. */
@NullMarked
package io.edgedownload.tracing;

import org.jspecify.annotations.NullMarked;
