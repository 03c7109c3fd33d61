package io.edgedownload.bench;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.dns.DnsFault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;

/** Draws what goes wrong, and counts it by kind. */
final class Mischief {
    private static final double FAULTY = 0.25;
    private static final double LOST = 0.3;

    private final Random random;
    private final int chunkBytes;
    private final List<Supplier<Fault>> faults;
    private final Map<String, LongAdder> drawn = new ConcurrentHashMap<>();

    /** @param other what an object may seem to have become */
    Mischief(long seed, int chunkBytes, HostedObject other) {
        this.random = new Random(seed);
        this.chunkBytes = chunkBytes;
        this.faults = List.of(
                () -> new Fault.ResetAt(place()),
                () -> new Fault.ResetAt(0),
                () -> new Fault.StallAt(place()),
                Fault.AcceptAndStall::new,
                () -> new Fault.TruncateAt(place()),
                () -> new Fault.Trickle(1_000),
                () -> new Fault.LateHead(Duration.ofMillis(random.nextInt(100))),
                () -> new Fault.ShortContentLength(1 + random.nextInt(100)),
                () -> new Fault.WrongContentRange(1 + random.nextInt(chunkBytes)),
                () -> new Fault.WrongTotalLength(1),
                Fault.MissingContentRange::new,
                Fault.FullBody200::new,
                Fault.WrongBytes::new,
                Fault.WrongBytes::new,
                () -> new Fault.ChangedEtag("\"other\""),
                () -> new Fault.ChangedObject(other),
                Fault.ContentEncodingGzip::new,
                Fault.NoLength::new,
                Fault.GarbageHead::new,
                Fault.RstOnReusedConnection::new,
                () -> new Fault.HugeHeaders(300_000),
                () -> new Fault.RedirectTo("/nowhere"),
                () -> new Fault.Status(404),
                () -> new Fault.Status(500),
                () -> new Fault.Status(503));
    }

    private int place() {
        return 1 + random.nextInt(chunkBytes - 1);
    }

    /** For a request at an origin. */
    synchronized Optional<Fault> fault() {
        if (random.nextDouble() >= FAULTY) {
            return Optional.empty();
        }
        Fault fault = faults.get(random.nextInt(faults.size())).get();
        count(fault.getClass().getSimpleName());
        return Optional.of(fault);
    }

    /** For a question at a name server. */
    synchronized Optional<DnsFault> loss() {
        if (random.nextDouble() >= LOST) {
            return Optional.empty();
        }
        count("DnsLoss");
        return Optional.of(new DnsFault.Drop());
    }

    private void count(String kind) {
        drawn.computeIfAbsent(kind, _ -> new LongAdder()).increment();
    }

    /** How often each kind was drawn so far. */
    Map<String, Long> drawn() {
        Map<String, Long> counts = new TreeMap<>();
        drawn.forEach((kind, count) -> counts.put(kind, count.sum()));
        return counts;
    }
}
