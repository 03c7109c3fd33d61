package io.edgedownload.engine.request;

import java.util.List;

/** What a request selects of an object. */
public sealed interface Selected {
    /** 200 with everything. */
    record Whole() implements Selected {}

    /** 206 with one range. */
    record Part(ByteRange range) implements Selected {}

    /**
     * 206 with several ranges.
     *
     * @param ranges two to eight, disjoint and ascending
     */
    record Parts(List<ByteRange> ranges) implements Selected {
        public Parts {
            ranges = List.copyOf(ranges);
        }
    }

    /** 304. */
    record NotModified() implements Selected {}

    /** 412. */
    record PreconditionFailed() implements Selected {}

    /** 416. */
    record Unsatisfiable() implements Selected {}
}
