package io.edgedownload.local.origin;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What mode flaky does to an answer with a body. */
enum Fault {
    /** 503 with Retry-After instead of the answer. */
    UNAVAILABLE,
    /** The head and half the body, then a TCP reset. */
    RESET,
    /** The head and half the body, then an orderly end of the connection. */
    TRUNCATED;

    void spoil(OriginBody body) {
        switch (this) {
            case UNAVAILABLE -> body.unavailable();
            case RESET -> body.reset();
            case TRUNCATED -> body.truncate();
        }
    }

    /** Hands out the faults in turn, one for every third answer. */
    static final class Turns {
        private final AtomicLong answers = new AtomicLong();

        Optional<Fault> next() {
            return switch (Math.toIntExact(answers.incrementAndGet() % 9)) {
                case 3 -> Optional.of(UNAVAILABLE);
                case 6 -> Optional.of(RESET);
                case 0 -> Optional.of(TRUNCATED);
                default -> Optional.empty();
            };
        }
    }
}
