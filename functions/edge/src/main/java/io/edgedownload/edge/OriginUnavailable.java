package io.edgedownload.edge;

import io.edgedownload.engine.fetch.Failure;

/**
 * The origin's sources did not deliver: the one outcome that the fault-tolerance annotations see as an exception, of a class that
 * says what they may make of it. Without stack traces, for they are thrown in numbers when an origin is sick, and never printed.
 */
sealed interface OriginUnavailable {
    Failure failure();

    /**
     * @param hasNext whether there is another place to go on to, so that a source that broke off is left at once
     * @param inTime whether another round could be begun at all
     */
    static RuntimeException of(Failure failure, boolean hasNext, boolean inTime) {
        return switch (failure.kind()) {
            case UNREACHABLE, SERVER_ERROR -> inTime ? new Passing(failure) : new Sick(failure);
            case CUT -> hasNext || !inTime ? new Sick(failure) : new Passing(failure);
            case MISSING, CHANGED, ACCESS, FORBIDDEN_ADDRESS, TENANT_SHARE, BREAKER_OPEN -> new Settled(failure);
            case INTEGRITY, LIED, NO_RANGE, TIMEOUT, BUSY, OVERLOAD, NAME, TLS -> new Sick(failure);
        };
    }

    /** It may be over in a moment: worth a second round. */
    final class Passing extends RuntimeException implements OriginUnavailable {
        private static final long serialVersionUID = 1;

        private final transient Failure failure;

        private Passing(Failure failure) {
            super(failure.detail(), null, false, false);
            this.failure = failure;
        }

        @Override
        public Failure failure() {
            return failure;
        }
    }

    /** It answered, and it will answer the same again, or it was not asked: no sign of a sick origin. */
    final class Settled extends RuntimeException implements OriginUnavailable {
        private static final long serialVersionUID = 1;

        private final transient Failure failure;

        private Settled(Failure failure) {
            super(failure.detail(), null, false, false);
            this.failure = failure;
        }

        @Override
        public Failure failure() {
            return failure;
        }
    }

    /** It is not well, and another round would be the same. */
    final class Sick extends RuntimeException implements OriginUnavailable {
        private static final long serialVersionUID = 1;

        private final transient Failure failure;

        private Sick(Failure failure) {
            super(failure.detail(), null, false, false);
            this.failure = failure;
        }

        @Override
        public Failure failure() {
            return failure;
        }
    }
}
