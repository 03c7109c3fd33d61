/** The Quarkus application. */
@NullMarked
package io.edgedownload.edge;

import org.jspecify.annotations.NullMarked;
