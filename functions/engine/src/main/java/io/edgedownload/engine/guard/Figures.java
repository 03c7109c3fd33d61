package io.edgedownload.engine.guard;

/**
 * What the window shows.
 *
 * @param established connections now
 * @param sentSegments in the window
 * @param retransmittedSegments in the window
 */
public record Figures(long established, long sentSegments, long retransmittedSegments) {
    /** Retransmitted by sent segments; 0 when none were sent. */
    public double retransmitShare() {
        return sentSegments == 0 ? 0 : (double) retransmittedSegments / sentSegments;
    }

    boolean isOver(Cause cause, Rules rules) {
        return switch (cause) {
            case CONNECTIONS -> established > rules.establishedMax();
            case RETRANSMITS ->
                isJudged(rules) && retransmittedSegments * 100.0 > rules.retransmitPercent() * sentSegments;
        };
    }

    /** Whether it is so far below the threshold that a limit may be lifted. */
    boolean isBelow(Cause cause, Rules rules) {
        return switch (cause) {
            case CONNECTIONS -> established * 100.0 < (double) rules.establishedMax() * rules.liftPercent();
            case RETRANSMITS ->
                !isJudged(rules)
                        || retransmittedSegments * 10_000.0
                                < rules.retransmitPercent() * sentSegments * rules.liftPercent();
        };
    }

    /** A share of few segments says nothing. */
    private boolean isJudged(Rules rules) {
        return sentSegments >= rules.segmentsMin();
    }
}
