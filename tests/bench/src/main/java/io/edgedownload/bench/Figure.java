package io.edgedownload.bench;

import java.util.List;
import java.util.Locale;

/**
 * One figure and the target that it is held to; printed as {@code B2 p99-ratio 0.98 <= 1.00 PASS}.
 *
 * @param row of the targets, {@code B2} for example
 * @param value what was measured
 * @param target what it may be at most, or has to be at least
 */
record Figure(String row, String name, double value, Bound bound, double target) {
    enum Bound {
        AT_LEAST(">="),
        AT_MOST("<=");

        private final String sign;

        Bound(String sign) {
            this.sign = sign;
        }
    }

    static Figure atLeast(double target, String row, String name, double value) {
        return new Figure(row, name, value, Bound.AT_LEAST, target);
    }

    static Figure atMost(double target, String row, String name, double value) {
        return new Figure(row, name, value, Bound.AT_MOST, target);
    }

    /** Prints the line of a figure that could not be measured. */
    static void skipped(String row, String name, String reason) {
        System.out.println(row + " " + name + " SKIPPED " + reason);
    }

    /** Prints a line a figure; true when none misses its target. */
    static boolean verdict(List<Figure> figures) {
        figures.forEach(each -> System.out.println(each.line()));
        return figures.stream().allMatch(Figure::passes);
    }

    private String line() {
        return String.format(
                Locale.ROOT, "%s %s %.2f %s %.2f %s", row, name, value, bound.sign, target, passes() ? "PASS" : "FAIL");
    }

    private boolean passes() {
        return switch (bound) {
            case AT_LEAST -> value >= target;
            case AT_MOST -> value <= target;
        };
    }
}
