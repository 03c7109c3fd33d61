package io.edgedownload.guard;

/** The kernel, or the library that talks to it, did not do what it was asked to; the message says what, why and what to do. */
final class KernelFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    KernelFailure(String message) {
        super(message);
    }
}
