import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Downloads by chunks over a network that breaks: goes on where it stopped, checks each chunk, never splices two states.
 *
 * <p>{@code java Download.java URL FILE [CHUNK_BYTES]}: URL of the whole object, signed or not. Needs Java 17 and nothing else.
 */
public final class Download {
    private static final int TRIES = Integer.getInteger("tries", 60);
    private static final long PAUSE_MILLIS = Long.getLong("pause", 1_000);
    private static final long CHUNK_SECONDS = 120;

    private enum Outcome { GOT_CHUNK, TRY_AGAIN, COMPLETE }

    /** One chunk after the other gains nothing from HTTP/2. */
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(20))
            .build();

    private final String url;
    private final Path part;
    private final Path tag;
    private final int size;
    private String etag = "";
    private long have;

    private Download(String url, Path file, int size) {
        this.url = url + (url.contains("?") ? "&" : "?");
        this.part = Path.of(file + ".part");
        this.tag = Path.of(file + ".etag");
        this.size = size;
    }

    public static void main(String... arguments) throws Exception {
        if (arguments.length < 2 || arguments.length > 3) {
            System.err.println("usage: java Download.java URL FILE [CHUNK_BYTES]");
            System.exit(2);
        }
        Path file = Path.of(arguments[1]);
        var download = new Download(arguments[0], file, arguments.length == 3 ? Integer.parseInt(arguments[2]) : 262_144);
        try {
            download.run();
            Files.move(download.part, file, StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(download.tag);
        } catch (IOException stopped) {
            System.err.println(file + ": " + stopped.getMessage());
            System.exit(1);
        }
    }

    private void run() throws Exception {
        goOn();
        int tries = 0;
        for (Outcome outcome = next(); outcome != Outcome.COMPLETE; outcome = next()) {
            if (outcome == Outcome.GOT_CHUNK) {
                tries = 0;
            } else if (++tries > TRIES) {
                throw new IOException("gave up at chunk " + (have + 1) + "; run again to go on");
            } else {
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }

    /** From what an earlier run left; a kill may have left a piece of a chunk. */
    private void goOn() throws IOException {
        if (!Files.exists(tag) || !Files.exists(part)) {
            restart();
            return;
        }
        etag = Files.readString(tag);
        have = Files.size(part) / size;
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
            channel.truncate(have * size);
        }
    }

    private void restart() throws IOException {
        etag = "";
        have = 0;
        Files.deleteIfExists(tag);
        Files.write(part, new byte[0]);
    }

    private Outcome next() throws Exception {
        HttpResponse<byte[]> answer;
        var pending = http.sendAsync(request(), BodyHandlers.ofByteArray());
        try {
            answer = pending.get(CHUNK_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException broken) {
            pending.cancel(true);
            return Outcome.TRY_AGAIN;
        }
        String range = answer.headers().firstValue("Content-Range").orElse("");
        return switch (answer.statusCode()) {
            case 206 -> isIntact(answer) ? keep(answer, range) : Outcome.TRY_AGAIN;
            case 416 -> range.endsWith("/" + Files.size(part)) ? Outcome.COMPLETE : Outcome.TRY_AGAIN;
            case 412 -> {
                if (etag.isEmpty()) {
                    throw new IOException("this address is for an earlier state of the object");
                }
                restart();
                yield Outcome.TRY_AGAIN;
            }
            case 408, 425, 429 -> Outcome.TRY_AGAIN;
            default -> {
                if (answer.statusCode() < 500) {
                    throw new IOException("refused, " + answer.statusCode() + ": "
                            + new String(answer.body(), StandardCharsets.UTF_8));
                }
                yield Outcome.TRY_AGAIN;
            }
        };
    }

    private HttpRequest request() {
        var request = HttpRequest.newBuilder(URI.create(url + "chunk=" + (have + 1) + "&size=" + size));
        return (etag.isEmpty() ? request : request.header("If-Match", etag)).build();
    }

    /** By Content-Digest (RFC 9530); an answer without one is not trusted. */
    private static boolean isIntact(HttpResponse<byte[]> answer) throws GeneralSecurityException {
        String digest = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(answer.body()));
        return answer.headers().firstValue("Content-Digest").orElse("").contains("sha-256=:" + digest + ":");
    }

    private Outcome keep(HttpResponse<byte[]> answer, String range) throws IOException {
        if (etag.isEmpty()) {
            etag = answer.headers().firstValue("ETag").orElseThrow(() -> new IOException("an answer without ETag"));
            Files.writeString(tag, etag);
        }
        Files.write(part, answer.body(), StandardOpenOption.APPEND);
        have++;
        String[] lastAndTotal = range.substring(range.indexOf('-') + 1).split("/");
        return Long.parseLong(lastAndTotal[0]) + 1 < Long.parseLong(lastAndTotal[1]) ? Outcome.GOT_CHUNK : Outcome.COMPLETE;
    }
}
