package io.edgedownload.engine.connect;

/** Who named the host to connect to, and so which addresses it may have. */
public enum Trust {
    /** A publisher or a redirect did: only what the {@link SourcePolicy} allows. */
    SOURCE,
    /** The operator's configuration did, as with the S3 endpoint: any address. */
    OPERATOR
}
