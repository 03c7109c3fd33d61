package io.edgedownload.contract;

import io.edgedownload.local.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** What the samples' bytes are, made here and not asked of the edge. */
final class Samples {

    private final Map<Sample, byte[]> bytes = new EnumMap<>(Sample.class);

    private Samples() {}

    static Samples writtenIn(Path directory) {
        Samples samples = new Samples();
        for (Sample sample : Sample.values()) {
            try {
                samples.bytes.put(sample, Files.readAllBytes(sample.ensureIn(directory)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return samples;
    }

    /** All bytes of a sample; not to be changed. */
    byte[] bytes(Sample sample) {
        byte[] known = bytes.get(sample);
        if (known == null) {
            throw new IllegalArgumentException("no bytes of " + sample);
        }
        return known;
    }

    /** Where a sample is downloaded. */
    static String pathOf(Sample sample) {
        return "/download/" + sample.id();
    }
}
