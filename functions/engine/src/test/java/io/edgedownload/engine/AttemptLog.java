package io.edgedownload.engine;

import io.edgedownload.engine.breaker.BreakerChanged.Status;
import io.edgedownload.engine.fetch.Course;
import io.edgedownload.engine.fetch.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Writes down every attempt and its end, in their order. */
final class AttemptLog implements AttemptListener {
    /** The field that each attempt's requests carry, with the attempt's place in the log, counted from 1. */
    static final String FIELD = "x-attempt";

    private final List<Goal> begun = new ArrayList<>();
    private final List<Ended> ended = new ArrayList<>();
    private final Runnable onFailure;

    sealed interface Ended {
        record Delivered(int lengthBytes, Course course) implements Ended {}

        record Failed(Failure failure, Course course) implements Ended {}

        record Outrun(Course course) implements Ended {}

        record Abandoned(Course course) implements Ended {}
    }

    AttemptLog() {
        this(() -> {});
    }

    AttemptLog(Runnable onFailure) {
        this.onFailure = onFailure;
    }

    List<Goal> begun() {
        return List.copyOf(begun);
    }

    /** The state of the breaker at each attempt. */
    List<Status> breakers() {
        return begun.stream()
                .map(goal -> Objects.requireNonNull(goal.breaker()))
                .toList();
    }

    List<Ended> ended() {
        return List.copyOf(ended);
    }

    List<Failure.Kind> failed() {
        return ended.stream()
                .filter(Ended.Failed.class::isInstance)
                .map(end -> ((Ended.Failed) end).failure().kind())
                .toList();
    }

    @Override
    public Watch begin(Goal goal) {
        begun.add(goal);
        String place = Integer.toString(begun.size());
        return new Watch() {
            @Override
            public Map<String, String> fields() {
                return Map.of(FIELD, place);
            }

            @Override
            public void delivered(int lengthBytes, Course course) {
                ended.add(new Ended.Delivered(lengthBytes, course));
            }

            @Override
            public void failed(Failure failure, Course course) {
                ended.add(new Ended.Failed(failure, course));
                onFailure.run();
            }

            @Override
            public void outrun(Course course) {
                ended.add(new Ended.Outrun(course));
            }

            @Override
            public void abandoned(Course course) {
                ended.add(new Ended.Abandoned(course));
            }
        };
    }
}
