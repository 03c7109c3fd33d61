package io.edgedownload.engine.fetch;

import io.edgedownload.engine.connect.Holder;
import io.edgedownload.engine.connect.Lease;
import io.edgedownload.engine.connect.Leasing;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one source while it goes on: the fields that its requests carry beside their own, and how far it has come. It
 * is told of each step on the thread that takes it, and may be asked from any other.
 */
public final class Attempt {
    private final Map<String, String> fields;
    private final Holder holder;
    private final @Nullable InetAddress avoided;
    private final AtomicReference<Course> course = new AtomicReference<>(Course.NOT_BEGUN);
    private final AtomicReference<List<InetAddress>> addresses = new AtomicReference<>(List.of());
    private final CompletableFuture<InetAddress> connected = new CompletableFuture<>();

    /** For what no tenant asked for. */
    public Attempt(Map<String, String> fields) {
        this(fields, Holder.NOBODY);
    }

    /**
     * @param fields such as those of a trace; they are sent wherever the attempt is redirected to
     * @param holder who its connections are leased to
     */
    public Attempt(Map<String, String> fields, Holder holder) {
        this(fields, holder, null);
    }

    private Attempt(Map<String, String> fields, Holder holder, @Nullable InetAddress avoided) {
        this.fields = Map.copyOf(fields);
        this.holder = holder;
        this.avoided = avoided;
    }

    /** Another attempt, at the other addresses that the name has. */
    public Attempt elsewhere(Map<String, String> otherFields) {
        return new Attempt(otherFields, holder, course().address());
    }

    /** Ends when it has a connection for the first time; never, when it has none. */
    public CompletionStage<InetAddress> connected() {
        return connected.minimalCompletionStage();
    }

    /** Whether it waits for its answer, and could have gone to another address. */
    public boolean couldBeElsewhere() {
        Course now = course();
        InetAddress address = now.address();
        return now.status() == 0
                && address != null
                && addresses.get().stream().anyMatch(other -> !other.equals(address));
    }

    public Course course() {
        return course.get();
    }

    Holder holder() {
        return holder;
    }

    Map<String, String> fields() {
        return fields;
    }

    /** Those of the addresses that it may go to. */
    List<InetAddress> among(List<InetAddress> resolved) {
        addresses.set(resolved);
        return avoided == null
                ? resolved
                : resolved.stream().filter(address -> !address.equals(avoided)).toList();
    }

    /** A request begins: the name was resolved, or not. */
    void resolved(long dnsNanos) {
        update(now -> new Course(Timings.resolved(dnsNanos), null, false, 0, now.requests()));
    }

    void leased(Leasing leasing, long nanos) {
        update(now -> switch (leasing) {
            case Leasing.Leased(Lease lease) ->
                new Course(
                        lease.reused()
                                ? now.timings().withWaitNanos(nanos)
                                : now.timings()
                                        .withConnectNanos(nanos - lease.tlsNanos())
                                        .withTlsNanos(lease.tlsNanos()),
                        lease.address(),
                        lease.reused(),
                        0,
                        now.requests() + 1);
            case Leasing.Forbidden(var address) -> new Course(now.timings(), address, false, 0, now.requests());
            case Leasing.Exhausted _, Leasing.ShareUsedUp _ ->
                now.withTimings(now.timings().withWaitNanos(nanos));
            case Leasing.TlsFailed _ -> now.withTimings(now.timings().withTlsNanos(nanos));
            case Leasing.Unreachable _ -> now.withTimings(now.timings().withConnectNanos(nanos));
            case Leasing.TimedOut(Leasing.Step step) ->
                now.withTimings(
                        switch (step) {
                            case WAIT -> now.timings().withWaitNanos(nanos);
                            case CONNECT -> now.timings().withConnectNanos(nanos);
                            case TLS -> now.timings().withTlsNanos(nanos);
                        });
        });
        if (leasing instanceof Leasing.Leased(Lease lease)) {
            connected.complete(lease.address());
        }
    }

    void answered(int status, long firstByteNanos) {
        update(now -> new Course(
                now.timings().withFirstByteNanos(firstByteNanos), now.address(), now.reused(), status, now.requests()));
    }

    void received(long bodyNanos) {
        update(now -> now.withTimings(now.timings().withBodyNanos(bodyNanos)));
    }

    /** The answer is waited for no longer; the time that it took goes to the step that it was in. */
    void givenUp(long sinceSentNanos) {
        update(now -> now.withTimings(
                now.status() == 0
                        ? now.timings().withFirstByteNanos(sinceSentNanos)
                        : now.timings()
                                .withBodyNanos(sinceSentNanos - now.timings().firstByteNanos())));
    }

    private void update(UnaryOperator<Course> step) {
        course.updateAndGet(step);
    }
}
