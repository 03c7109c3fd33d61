package io.edgedownload.contract;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Assumptions;

/**
 * What the suite runs against: an edge that runs already ({@code -Dedge.contract.url}), or the local stack, started once
 * for all classes. A row that needs something the target has not is skipped, and that is said once on standard error.
 */
final class Target implements AutoCloseable {

    private final Access access;
    private final Closeable stack;
    private final EdgeClient edge;
    private final SuiteOrigin origin = new SuiteOrigin();
    private final Samples samples;
    private final Set<String> missing = ConcurrentHashMap.newKeySet();
    private final AtomicInteger ids = new AtomicInteger();
    /** Apart from the ids of earlier runs against the same catalog. */
    private final String run =
            HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

    private Target(Access access, Closeable stack, Samples samples) {
        this.access = access;
        this.stack = stack;
        this.edge = new EdgeClient(access.url());
        this.samples = samples;
    }

    static Target start() throws IOException, InterruptedException {
        Path target = Path.of(System.getProperty("basedir", ""), "target").toAbsolutePath();
        Samples samples = Samples.writtenIn(Files.createDirectories(target.resolve("samples")));
        Optional<Access> running = Access.fromProperties();
        if (running.isPresent()) {
            return new Target(running.get(), () -> {}, samples);
        }
        LocalEdges local = new LocalEdges(target.resolve("stack"));
        return new Target(local.access(), local, samples);
    }

    EdgeClient edge() {
        return edge;
    }

    /** An edge with {@code edge.access=signed} over the same catalog and keys. */
    EdgeClient signedEdge() {
        return new EdgeClient(access.signedUrl().orElseGet(without("edge.contract.signed-url")));
    }

    String adminToken() {
        return access.adminToken().orElseGet(without("edge.contract.admin-token"));
    }

    SigningKey signingKey() {
        return access.signingKey().orElseGet(without("edge.contract.signing-key"));
    }

    String corsOrigin() {
        return access.corsOrigin().orElseGet(without("edge.contract.cors-origin"));
    }

    Functions functions() {
        return new Functions(edge, adminToken());
    }

    /** The suite's own origin, for a target on this machine; no other could reach it. */
    SuiteOrigin origin() {
        try {
            boolean here = InetAddress.getByName(access.url().getHost()).isLoopbackAddress();
            return here
                    ? origin
                    : this.<SuiteOrigin>without("a target on this machine").get();
        } catch (IOException e) {
            throw new IllegalArgumentException(access.url() + " has no address", e);
        }
    }

    Samples samples() {
        return samples;
    }

    /** An id that was never published. */
    String freshId(String name) {
        return "contract-" + run + "-" + ids.incrementAndGet() + "-" + name;
    }

    private <T> Supplier<T> without(String what) {
        return () -> {
            if (missing.add(what)) {
                System.err.println("CONTRACT ROWS SKIPPED: they need " + what);
            }
            return Assumptions.abort("needs " + what);
        };
    }

    @Override
    public void close() throws IOException {
        origin.close();
        stack.close();
    }
}
