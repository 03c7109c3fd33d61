package io.edgedownload.engine.cache;

/** What must have reached the disk before a chunk counts as written. Whatever is chosen, a bad chunk is noticed when it is read. */
public enum Fsync {
    /** Nothing: after a power failure chunks may be missing or bad. */
    NEVER,
    /** The file's bytes. */
    FILE,
    /** And its name. */
    FOLDER
}
