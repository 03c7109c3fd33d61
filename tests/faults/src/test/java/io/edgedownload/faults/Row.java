package io.edgedownload.faults;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import java.util.Set;

/**
 * A row of the fault table: what befalls a source, and what a client hears when nothing else is left.
 *
 * @param digested whether the download has to be published with digests for the fault to be noticed
 * @param problems the names of problem types that describe the fault rightly
 */
record Row(String name, Sickness sickness, boolean digested, int status, Set<String> problems) {

    /** Makes an origin that has been well so far answer wrongly for this path. */
    @FunctionalInterface
    interface Sickness {
        void befall(FaultOrigin origin, String path) throws Exception;
    }

    static Row of(String name, Fault fault, int status, String... problems) {
        return of(name, (origin, path) -> origin.on(path).always(fault), status, problems);
    }

    static Row of(String name, Sickness sickness, int status, String... problems) {
        return new Row(name, sickness, false, status, Set.of(problems));
    }

    /** The same, noticed by digest alone. */
    Row onlyByDigest() {
        return new Row(name, sickness, true, status, problems);
    }

    @Override
    public String toString() {
        return name;
    }
}
