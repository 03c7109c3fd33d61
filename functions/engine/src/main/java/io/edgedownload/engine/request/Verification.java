package io.edgedownload.engine.request;

import java.time.Instant;

/** What a signature is worth. */
public sealed interface Verification {
    /**
     * It is one of ours, for what was asked, and has not expired.
     *
     * @param generation the state of the object that it was made for; whether that is current is for the caller to see
     */
    record Granted(String keyId, String generation, Instant expires) implements Verification {}

    /** It was one of ours. */
    record Expired() implements Verification {}

    /** Its key is not, or no longer, among ours. */
    record UnknownKey() implements Verification {}

    /** It is malformed, or was not made by the key that it names for what was asked. */
    record Invalid() implements Verification {}
}
