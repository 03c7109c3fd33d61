package io.edgedownload.engine.request;

/**
 * What a signature allows.
 *
 * @param generation the state of the object that it is for
 */
public record Grant(DownloadId id, String generation, Scope scope) {}
