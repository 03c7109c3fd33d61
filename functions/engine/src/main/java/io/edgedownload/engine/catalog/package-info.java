/**
 * What is published. Input: an id; output: its {@link io.edgedownload.engine.catalog.Manifest}. Catalogs may block on disk or
 * network and are called from virtual threads; {@link io.edgedownload.engine.catalog.KnownManifests} answers without blocking.
 */
@NullMarked
package io.edgedownload.engine.catalog;

import org.jspecify.annotations.NullMarked;
