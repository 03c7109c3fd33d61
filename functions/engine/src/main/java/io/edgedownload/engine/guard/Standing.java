package io.edgedownload.engine.guard;

/** How one cause stands. */
public sealed interface Standing {
    /** Not over its threshold since it was last lifted. */
    record Calm() implements Standing {}

    /** It was over the threshold, and is not so far below it that it could be lifted. */
    record Alarmed() implements Standing {}

    /** Far enough below, but not for long enough. */
    record Easing(long sinceNanos) implements Standing {}

    default boolean isCalm() {
        return this instanceof Calm;
    }

    default Standing after(boolean over, boolean below, long atNanos, Rules rules) {
        return switch (this) {
            case Calm calm -> over ? new Alarmed() : calm;
            case Alarmed alarmed -> below ? new Easing(atNanos) : alarmed;
            case Easing easing when !below -> new Alarmed();
            case Easing(long sinceNanos)
            when atNanos - sinceNanos >= rules.liftAfter().toNanos() -> new Calm();
            case Easing easing -> easing;
        };
    }
}
