package io.edgedownload.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.edgedownload.local.LocalStack;
import io.edgedownload.local.Sample;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.logging.LogManager;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ./bench malformed}: what do the functions do with requests that are none: answer by 5xx, hang, or grow? */
final class Malformed {
    private static final int CLIENTS = 16;
    private static final int PATIENCE_MILLIS = 20_000;
    private static final int MOST_READ = 256 << 10;
    private static final int TOLD = 20;
    private static final double MOST_GROWN_MIB = 16;

    /** More than one, so that there are ports for all connections. */
    private static final int ADDRESSES = 64;

    private static final Sample SAMPLE = Sample.SIXTY_FOUR_MIB;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3}) ");
    private static final Pattern USED = Pattern.compile(
            "(?m)^jvm_(?:memory_used_bytes\\{area=\"heap\"|buffer_memory_used_bytes\\{id=\"direct\").*} (\\S+)$");

    /** The right answer to a version that is not spoken (RFC 9110, section 15.6.6). */
    private static final int VERSION_NOT_SUPPORTED = 505;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

    private final LocalStack stack;
    private final List<byte[]> good;
    private final AtomicLong sent = new AtomicLong();
    private final LongAdder hung = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final Map<Integer, LongAdder> statuses = new ConcurrentHashMap<>();
    private final AtomicLong told = new AtomicLong();

    private record Plan(int requests, int warmUp) {
        static final Plan FULL = new Plan(1_000_000, 100_000);
        static final Plan QUICK = new Plan(20_000, 10_000);
    }

    private Malformed(LocalStack stack) {
        this.stack = stack;
        this.good = good();
    }

    /** Arguments: a folder for data, the JSON file to write, and {@code --quick} for fewer requests. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        LogManager.getLogManager().reset();
        Plan plan = List.of(arguments).contains("--quick") ? Plan.QUICK : Plan.FULL;
        System.out.printf(Locale.ROOT, "Sending %d requests after %d to begin with%n", plan.requests(), plan.warmUp());
        boolean passed;
        try (LocalStack stack = LocalStack.start(
                LocalStack.Options.in(Path.of(arguments[0]).resolve("stack")).with("quarkus.log.level", "ERROR"))) {
            stack.publishSamples();
            Malformed malformed = new Malformed(stack);
            // All that can be asked for is in memory then.
            malformed.requireWhole();
            malformed.send(plan.warmUp(), 1);
            double beforeMib = malformed.usedMib();
            malformed.send(plan.requests(), 2);
            double grownMib = malformed.usedMib() - beforeMib;
            JsonObject result = malformed.json(beforeMib, grownMib);
            System.out.println(result.encodePrettily());
            Files.writeString(Path.of(arguments[1]), result.encodePrettily() + "\n");
            passed = Figure.verdict(List.of(
                    Figure.atMost(0, "reliability", "server-errors", (double) malformed.failed.sum()),
                    Figure.atMost(0, "reliability", "requests-that-hang", (double) malformed.hung.sum()),
                    Figure.atMost(0, "reliability", "connections-refused", (double) malformed.refused.sum()),
                    Figure.atMost(MOST_GROWN_MIB, "reliability", "grown-mebibytes", grownMib),
                    Figure.atLeast(1, "reliability", "still-serves", malformed.stillServes() ? 1 : 0)));
        }
        System.exit(passed ? 0 : 1);
    }

    /** One of each thing that can be asked for. Nothing that they say, or nearly say, makes the functions ask anybody else. */
    private List<byte[]> good() {
        String bearer = "Authorization: Bearer " + stack.adminToken() + "\r\n";
        String download = "/download/" + SAMPLE.id();
        List<String> requests = new ArrayList<>(
                List.of(
                        head("GET", download, "Range: bytes=0-9\r\n"),
                        head("GET", download, "Range: bytes=0-9, 20-29, -5\r\nAccept: multipart/byteranges\r\n"),
                        head(
                                "GET",
                                download + "?chunk=1&size=65536",
                                "Range: bytes=0-4\r\nAccept-Encoding: identity\r\n"),
                        head(
                                "HEAD",
                                download,
                                "If-None-Match: \"x\", W/\"y\"\r\nIf-Modified-Since: Fri, 02 Jan 2026 03:04:05 GMT\r\n"),
                        head(
                                        "GET",
                                        download,
                                        "If-Range: \"x\"\r\nRange: bytes=0-4\r\nCache-Control: no-cache\r\nHost: c\r\n")
                                .replaceFirst("Host: bench\r\n", ""),
                        head(
                                "OPTIONS",
                                download,
                                "Origin: https://example.com\r\nAccess-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: range\r\n"),
                        head(
                                "GET",
                                download,
                                "Range: bytes=0-4\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\nX-Envoy-Expected-Rq-Timeout-Ms: 900\r\n"),
                        head("GET", "/q/health/live", ""),
                        body("/resolve", bearer, "{\"id\":\"" + SAMPLE.id() + "\",\"chunkSize\":65536}"),
                        body("/presign", bearer, "{\"id\":\"" + SAMPLE.id() + "\",\"first\":0,\"last\":10}"),
                        body("/evict", bearer, "{\"id\":\"nobody\"}"),
                        body("/limit", bearer, "{\"perOrigin\":-1,\"total\":0}"),
                        body(
                                "/publish",
                                bearer,
                                "{\"id\":\"a b\",\"sources\":[\"none://127.0.0.1:9/x\"],\"chunkSize\":65537,\"digest\":true}"),
                        body(
                                "/",
                                bearer
                                        + "ce-specversion: 1.0\r\nce-type: edge.evict\r\nce-id: 1\r\nce-source: /x\r\nce-deadline: nonsense\r\n",
                                "{\"id\":\"nobody\"}"),
                        "POST /resolve HTTP/1.1\r\nHost: bench\r\n" + bearer
                                + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5;a=b\r\n{\"id\"\r\n9\r\n:\"nobody\"\r\n1\r\n}\r\n0\r\nT: x\r\n\r\n"));
        // SETTINGS; HEADERS of GET / with END_STREAM and END_HEADERS (RFC 9113), in HPACK without Huffman; PING;
        // WINDOW_UPDATE.
        requests.add(PREFACE
                + octets("000000040000000000")
                + octets("0000190105000000018286040e2f646f776e6c6f61642f6e6f6e65410562656e6368")
                + octets("0000080600000000000102030405060708")
                + octets("00000408000000000000010000"));
        return requests.stream().map(request -> request.getBytes(ISO_8859_1)).toList();
    }

    private static String octets(String hex) {
        return new String(HexFormat.of().parseHex(hex), ISO_8859_1);
    }

    private static String head(String method, String target, String fields) {
        return method + " " + target + " HTTP/1.1\r\nHost: bench\r\n" + fields + "\r\n";
    }

    private static String body(String target, String fields, String json) {
        return "POST " + target + " HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n" + fields
                + "Content-Length: " + json.length() + "\r\n\r\n" + json;
    }

    private void send(int requests, long seed) {
        long enough = sent.get() + requests;
        try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
            for (int client = 0; client < CLIENTS; client++) {
                Mutations mutations = new Mutations(good, seed * CLIENTS + client);
                clients.execute(() -> {
                    for (long number = sent.getAndIncrement(); number < enough; number = sent.getAndIncrement()) {
                        send(mutations.next(), (int) (number % ADDRESSES));
                    }
                });
            }
        }
        sent.set(enough);
    }

    private void send(byte[] request, int address) {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.setSoLinger(true, 0);
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.1." + (1 + address)), 0));
            URI uri = stack.edge().uri();
            try {
                socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), PATIENCE_MILLIS);
            } catch (IOException e) {
                refused.increment();
                tell("no connection", request, e.toString());
                return;
            }
            exchange(socket, request);
        } catch (SocketTimeoutException e) {
            hung.increment();
            tell("it hangs", request, e.toString());
        } catch (IOException e) {
            // It may be closed while the rest of a request is still being sent.
            count(0);
        }
    }

    /** What cannot be a request, or is half of one, ends when the client sends no more. */
    private void exchange(Socket socket, byte[] request) throws IOException {
        socket.getOutputStream().write(request);
        socket.shutdownOutput();
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[16 << 10];
        for (int read = in.read(buffer); read >= 0 && answer.size() < MOST_READ; read = in.read(buffer)) {
            answer.write(buffer, 0, read);
        }
        String text = answer.toString(ISO_8859_1);
        Matcher status = STATUS.matcher(text);
        boolean any = false;
        while (status.find()) {
            any = true;
            int code = Integer.parseInt(status.group(1));
            count(code);
            if (code >= 500 && code != VERSION_NOT_SUPPORTED) {
                failed.increment();
                tell("status " + code, request, text);
            }
        }
        if (!any) {
            count(0);
        }
    }

    private void count(int status) {
        statuses.computeIfAbsent(status, _ -> new LongAdder()).increment();
    }

    private void tell(String what, byte[] request, String answer) {
        if (told.incrementAndGet() <= TOLD) {
            System.out.println(what + ": " + shown(new String(request, ISO_8859_1)) + "\n  " + shown(answer));
        }
    }

    private static String shown(String octets) {
        StringBuilder shown = new StringBuilder();
        for (char each : octets.substring(0, Math.min(600, octets.length())).toCharArray()) {
            shown.append(
                    each >= ' ' && each < 127
                            ? String.valueOf(each)
                            : String.format(Locale.ROOT, "\\x%02x", (int) each));
        }
        return shown.toString();
    }

    private boolean stillServes() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(stack.edge().uri().resolve("/download/" + SAMPLE.id()))
                .header("Range", "bytes=0-9")
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofByteArray()).statusCode() == 206;
        }
    }

    private void requireWhole() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(stack.edge().uri().resolve("/download/" + SAMPLE.id()))
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            long length = client.send(request, BodyHandlers.ofByteArray()).body().length;
            if (length != SAMPLE.lengthBytes()) {
                throw new IOException("the sample has " + length + " bytes");
            }
        }
    }

    /** What lives on the heap, and direct memory. */
    private double usedMib() throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        new ProcessBuilder(jcmd, Long.toString(stack.edge().handle().pid()), "GC.run")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        HttpRequest request = HttpRequest.newBuilder(stack.edge().uri().resolve("/q/metrics"))
                .header("Accept", "text/plain")
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            String metrics = client.send(request, BodyHandlers.ofString()).body();
            double bytes = 0;
            for (MatchResult used : USED.matcher(metrics).results().toList()) {
                bytes += Double.parseDouble(used.group(1));
            }
            return bytes / (1 << 20);
        }
    }

    private JsonObject json(double beforeMib, double grownMib) {
        JsonObject answers = new JsonObject();
        Map<Integer, Long> counts = new TreeMap<>();
        statuses.forEach((status, count) -> counts.put(status, count.sum()));
        counts.forEach((status, count) -> answers.put(status == 0 ? "closed" : status.toString(), count));
        return new JsonObject()
                .put("benchmark", "malformed")
                .put("commit", System.getProperty("edge.commit", "unknown"))
                .put("requests", sent.get())
                .put("answers", answers)
                .put("usedMibBefore", beforeMib)
                .put("grownMib", grownMib);
    }
}
