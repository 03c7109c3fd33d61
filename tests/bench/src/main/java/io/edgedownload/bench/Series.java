package io.edgedownload.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The rounds of one load on a peer and on us, taken in turn so that both meet the same neighbours on the machine.
 *
 * @param <T> what a round measures
 */
final class Series<T> {
    private final List<T> peers = new ArrayList<>();
    private final List<T> ours = new ArrayList<>();

    void add(T peer, T own) {
        peers.add(peer);
        ours.add(own);
    }

    double peerMedian(ToDoubleFunction<T> figure) {
        return median(peers.stream().mapToDouble(figure).toArray());
    }

    double ownMedian(ToDoubleFunction<T> figure) {
        return median(ours.stream().mapToDouble(figure).toArray());
    }

    /** Ours to the peer's, of each round's two measurements; their median. */
    double ratio(ToDoubleFunction<T> figure) {
        double[] ratios = new double[ours.size()];
        for (int round = 0; round < ratios.length; round++) {
            ratios[round] = figure.applyAsDouble(ours.get(round)) / figure.applyAsDouble(peers.get(round));
        }
        return median(ratios);
    }

    /** By how much ours is more than the peer's, in each round; their median. */
    double difference(ToDoubleFunction<T> figure) {
        double[] differences = new double[ours.size()];
        for (int round = 0; round < differences.length; round++) {
            differences[round] = figure.applyAsDouble(ours.get(round)) - figure.applyAsDouble(peers.get(round));
        }
        return median(differences);
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
