package io.edgedownload.engine.resolve;

import io.edgedownload.engine.time.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What a small file says, read again when it has changed. It is looked at when somebody asks, at most every five seconds;
 * watching by events misses changes behind bind mounts, which is how orchestrators put files into containers.
 */
final class WatchedFile<T> {
    private static final Logger LOG = Logger.getLogger(WatchedFile.class);
    private static final int MAX_BYTES = 64 << 10;
    private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(5).toNanos();

    private final Path path;
    private final Function<String, T> parse;
    private final Ticker ticker;
    private final AtomicReference<State<T>> state;

    /** @param key of the file itself: another file may look the same */
    private record Version(
            FileTime modified, long sizeBytes, @Nullable Object key) {}

    /**
     * @param version of the file that {@code value} is from; null when there was none
     * @param trouble why it cannot be read, told once; null when it can
     * @param looking whether somebody is at it: a file system that hangs must not take one caller after another
     */
    private record State<T>(
            T value, @Nullable Version version, @Nullable String trouble, long lookedAtNanos, boolean looking) {

        State<T> begun(long nowNanos) {
            return new State<>(value, version, trouble, nowNanos, true);
        }

        State<T> ended(@Nullable String trouble) {
            return new State<>(value, version, trouble, lookedAtNanos, false);
        }

        State<T> read(T value, Version version) {
            return new State<>(value, version, null, lookedAtNanos, false);
        }
    }

    /** @param whenMissing what holds as long as there is no file */
    WatchedFile(Path path, Function<String, T> parse, T whenMissing, Ticker ticker) {
        this.path = path;
        this.parse = parse;
        this.ticker = ticker;
        this.state = new AtomicReference<>(look(new State<>(whenMissing, null, null, ticker.nanos(), true)));
    }

    /** What it said when it was last looked at. A file that cannot be read any more says what it said before. */
    T current() {
        State<T> before = state.get();
        long nowNanos = ticker.nanos();
        if (before.looking() || nowNanos - before.lookedAtNanos() < LOOK_EVERY_NANOS) {
            return before.value();
        }
        // One caller looks; the others go on with what is known.
        State<T> looking = before.begun(nowNanos);
        if (!state.compareAndSet(before, looking)) {
            return before.value();
        }
        State<T> after = looking.ended(looking.trouble());
        try {
            after = look(looking);
        } finally {
            state.set(after);
        }
        return after.value();
    }

    private State<T> look(State<T> before) {
        try {
            Version version = version();
            if (version.equals(before.version())) {
                return before.ended(null);
            }
            return before.read(parse.apply(text()), version);
        } catch (NoSuchFileException e) {
            return troubled(before, "is not there");
        } catch (IOException e) {
            return troubled(before, "cannot be read: " + e.getMessage());
        }
    }

    private State<T> troubled(State<T> before, String trouble) {
        if (!trouble.equals(before.trouble())) {
            LOG.warnf("%s %s; %s", path, trouble, before.version() == null ? "defaults hold" : "what it said holds");
        }
        return before.ended(trouble);
    }

    private Version version() throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
        return new Version(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
    }

    private String text() throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new IOException("it has more than " + MAX_BYTES + " bytes");
            }
            // Any octets are text in this charset; names and addresses are ASCII.
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }
}
