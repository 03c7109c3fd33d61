package io.edgedownload.local;

/** A part of the local stack could not be started. The message is one line for a person and says what to do. */
public final class StartFailure extends RuntimeException {
    public StartFailure(String message) {
        super(message);
    }

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
