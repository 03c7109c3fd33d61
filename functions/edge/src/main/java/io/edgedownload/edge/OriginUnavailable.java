package io.edgedownload.edge;

import io.edgedownload.engine.fetch.Failure;

/** The origin's sources did not deliver: the one outcome that fault-tolerance annotations see as an exception. */
sealed class OriginUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Failure failure;

    private OriginUnavailable(Failure failure) {
        // Thrown in numbers when an origin is sick, and never printed.
        super(failure.detail(), null, false, false);
        this.failure = failure;
    }

    Failure failure() {
        return failure;
    }

    static OriginUnavailable of(Failure failure) {
        return switch (failure.kind()) {
            case UNREACHABLE, SERVER_ERROR -> new Passing(failure);
            case MISSING, CHANGED, ACCESS, FORBIDDEN_ADDRESS -> new Settled(failure);
            case INTEGRITY, LIED, TIMEOUT, BUSY, OVERLOAD, NAME, TLS, CUT -> new OriginUnavailable(failure);
        };
    }

    /** It may be over in a moment: worth a second round. */
    static final class Passing extends OriginUnavailable {
        private static final long serialVersionUID = 1;

        private Passing(Failure failure) {
            super(failure);
        }
    }

    /** It answered, and it will answer the same again: no sign of a sick origin. */
    static final class Settled extends OriginUnavailable {
        private static final long serialVersionUID = 1;

        private Settled(Failure failure) {
            super(failure);
        }
    }
}
