/** Tests of the local stack: real servers on free ports, real child processes, data in temporary directories. */
@NullMarked
package io.edgedownload.local;

import org.jspecify.annotations.NullMarked;
