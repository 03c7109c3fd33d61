/** Tests of the sample origin, over real sockets where behaviour on the wire matters. */
@NullMarked
package io.edgedownload.local.origin;

import org.jspecify.annotations.NullMarked;
