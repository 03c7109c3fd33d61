package io.edgedownload.engine.guard;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of the network: the samples of the window, oldest first, and how each cause stands. A value that each sample
 * turns into the next one.
 */
public record GuardState(List<Sample> samples, Standing connections, Standing retransmits) {
    /** A bound for samplers that run wild: 5 minutes of two samples a second. */
    private static final int MOST_SAMPLES = 600;

    public GuardState {
        samples = List.copyOf(samples);
    }

    public static GuardState initial() {
        return new GuardState(List.of(), new Standing.Calm(), new Standing.Calm());
    }

    /** The state after one more sample. */
    public GuardState after(Sample sample, Rules rules) {
        List<Sample> kept = new ArrayList<>(samples);
        kept.removeIf(old -> sample.atNanos() - old.atNanos() > rules.window().toNanos());
        kept.add(sample);
        List<Sample> bounded = kept.subList(Math.max(0, kept.size() - MOST_SAMPLES), kept.size());
        Figures figures = figures(bounded);
        return new GuardState(
                bounded,
                next(Cause.CONNECTIONS, figures, sample.atNanos(), rules),
                next(Cause.RETRANSMITS, figures, sample.atNanos(), rules));
    }

    public Figures figures() {
        return figures(samples);
    }

    /** Whether traffic is to be limited for this cause. */
    public boolean holds(Cause cause) {
        return !standing(cause).isCalm();
    }

    /** Whether traffic is to be limited. */
    public boolean isLimiting() {
        return holds(Cause.CONNECTIONS) || holds(Cause.RETRANSMITS);
    }

    private Standing standing(Cause cause) {
        return switch (cause) {
            case CONNECTIONS -> connections;
            case RETRANSMITS -> retransmits;
        };
    }

    private Standing next(Cause cause, Figures figures, long atNanos, Rules rules) {
        return standing(cause).after(figures.isOver(cause, rules), figures.isBelow(cause, rules), atNanos, rules);
    }

    private static Figures figures(List<Sample> samples) {
        long sent = 0;
        long retransmitted = 0;
        for (int next = 1; next < samples.size(); next++) {
            Counters before = samples.get(next - 1).counters();
            Counters after = samples.get(next).counters();
            if (after.sentSegments() >= before.sentSegments()
                    && after.retransmittedSegments() >= before.retransmittedSegments()) {
                sent += after.sentSegments() - before.sentSegments();
                retransmitted += after.retransmittedSegments() - before.retransmittedSegments();
            }
            // Else they wrapped or began anew, and nobody knows which: that second does not count.
        }
        return new Figures(samples.isEmpty() ? 0 : samples.getLast().counters().established(), sent, retransmitted);
    }
}
