package io.edgedownload.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.edgedownload.engine.cache.ChunkKey;
import io.edgedownload.engine.cache.Loaded;
import io.edgedownload.engine.cache.Obtained;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.verify.FileChunk;
import io.edgedownload.engine.verify.MemoryChunk;
import io.edgedownload.engine.verify.VerifiedChunk;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.logging.LogManager;

/** {@code ./bench kill}: what does a cache on disk serve after its process was killed while it wrote, and how soon? */
final class Kill {
    private static final int KILLS = 1_000;
    private static final int QUICK_KILLS = 25;

    /** The chunks of lives before are gone by then. */
    private static final int LIVES_READ = 3;

    /** Chunks that a process begins at most before it is killed, but for those that it begins while that happens. */
    private static final int LONGEST_LIFE = 100;

    private static final KillableChunks.Load NONE =
            new KillableChunks.Load(new Loaded.Unavailable(Failure.of(Kind.MISSING, "not on disk")));

    private final Path folder;
    private final Random moments = new Random(7);
    private final int[] began;

    private long read;
    private long wrong;
    private long bad;
    private final double[] restartMillis;

    private Kill(Path folder, int kills) {
        this.folder = folder;
        this.began = new int[kills];
        this.restartMillis = new double[kills];
    }

    /** Arguments: a folder for data, the JSON file to write, and {@code --quick} for fewer kills. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LogManager.getLogManager().reset();
        int kills = List.of(arguments).contains("--quick") ? QUICK_KILLS : KILLS;
        System.out.printf(Locale.ROOT, "Killing %d times%n", kills);
        Kill kill = new Kill(Path.of(arguments[0]).resolve("chunks"), kills);
        kill.run();
        Arrays.sort(kill.restartMillis);
        System.out.printf(
                Locale.ROOT,
                "%d kills, %d chunks served afterwards, %d files put aside; usable again after %.1f ms (median), %.1f ms (at most)%n",
                kills,
                kill.read,
                kill.bad,
                kill.restartMillis[kills / 2],
                kill.restartMillis[kills - 1]);
        Files.writeString(Path.of(arguments[1]), kill.json().encodePrettily() + "\n");
        System.exit(kill.verdict() ? 0 : 1);
    }

    private void run() throws IOException, InterruptedException {
        for (int life = 0; life < began.length; life++) {
            began[life] = writeUntilKilled(life);
            check(life);
        }
    }

    /** How many chunks it had begun by then. */
    private int writeUntilKilled(int life) throws IOException, InterruptedException {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EndlessChunks.class.getName(),
                        folder.toString(),
                        Integer.toString(life))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int chunks = 1 + moments.nextInt(LONGEST_LIFE);
        try (BufferedReader told = writer.inputReader(US_ASCII)) {
            for (int chunk = 0; chunk < chunks; chunk++) {
                if (told.readLine() == null) {
                    throw new IOException("the writer ended by itself");
                }
            }
            for (int spin = moments.nextInt(20_000); spin > 0; spin--) {
                Thread.onSpinWait();
            }
            // By its handle: what it said last can be read afterwards.
            writer.toHandle().destroyForcibly();
            writer.waitFor();
            return chunks + (int) told.lines().count();
        }
    }

    private void check(int life) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        try (KillableChunks chunks = new KillableChunks(folder)) {
            restartMillis[life] = (System.nanoTime() - startNanos) / 1e6;
            for (int each = Math.max(0, life - LIVES_READ + 1); each <= life; each++) {
                for (int index = 0; index < began[each]; index++) {
                    check(chunks, KillableChunks.key(each, index));
                }
            }
            bad += chunks.bad();
        }
    }

    private void check(KillableChunks chunks, ChunkKey key) throws IOException, InterruptedException {
        if (chunks.obtain(key, NONE) instanceof Obtained.Held(VerifiedChunk chunk, var _)) {
            read++;
            if (!Arrays.equals(KillableChunks.bytes(key), bytes(chunk))) {
                wrong++;
            }
            chunk.release();
        }
    }

    private static byte[] bytes(VerifiedChunk chunk) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(chunk.lengthBytes());
        switch (chunk) {
            case FileChunk file -> file.read(bytes, 0);
            case MemoryChunk _ -> throw new IOException("it is not from disk");
        }
        return bytes.array();
    }

    /** Prints the figures; true when none is missed. */
    private boolean verdict() {
        return Figure.verdict(List.of(
                Figure.atMost(0, "reliability", "wrong-chunks-after-kills", (double) wrong),
                Figure.atLeast(1, "reliability", "chunks-kept-a-kill", (double) read / began.length),
                Figure.atMost(1, "B10", "restart-seconds-after-kill", restartMillis[began.length / 2] / 1e3)));
    }

    private JsonObject json() {
        return new JsonObject()
                .put("benchmark", "kill")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("kills", began.length)
                .put("chunksRead", read)
                .put("wrong", wrong)
                .put("putAside", bad)
                .put("restartMillisMedian", restartMillis[began.length / 2])
                .put("restartMillisMost", restartMillis[began.length - 1]);
    }
}
