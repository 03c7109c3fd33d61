/**
 * The way of a download: {@link io.edgedownload.engine.Download} knows the order of the stations, which are the packages below
 * this one, and {@link io.edgedownload.engine.Publisher} how an object comes to be downloadable. Nothing here knows HTTP servers.
 */
@NullMarked
package io.edgedownload.engine;

import org.jspecify.annotations.NullMarked;
