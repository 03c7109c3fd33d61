package io.edgedownload.engine;

import io.edgedownload.engine.Attempted.Ended;
import io.edgedownload.engine.cache.Loaded;
import java.util.List;

/**
 * The attempts at one place for the same bytes, in the order in which they began.
 *
 * @param all one, or two when the first one was hedged
 * @param decisive the one whose outcome counts
 */
record Attempts(List<Attempted> all, Ended decisive) {
    Attempts {
        all = List.copyOf(all);
    }

    static Attempts of(Ended only) {
        return new Attempts(List.of(only), only);
    }

    Loaded loaded() {
        return decisive.loaded();
    }
}
