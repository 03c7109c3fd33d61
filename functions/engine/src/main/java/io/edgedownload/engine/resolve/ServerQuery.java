package io.edgedownload.engine.resolve;

import io.edgedownload.engine.time.Deadline;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

/**
 * One question to one name server, on a virtual thread: over UDP with EDNS, again without EDNS when the server does not
 * know it, again over TCP when the answer is truncated.
 */
final class ServerQuery implements Asking {
    /** Longer than what is asked for, for servers that send more all the same. */
    private static final int MAX_UDP_BYTES = 4_097;

    private static final Logger LOG = Logger.getLogger(ServerQuery.class);

    private final Edns edns;
    private final ServerTable servers;
    private final Executor threads;
    private final Semaphore places;
    private final SecureRandom random = new SecureRandom();

    /** @param maxAtOnce queries under way, each with a socket; one more is not sent */
    ServerQuery(Edns edns, ServerTable servers, Executor threads, int maxAtOnce) {
        this.edns = edns;
        this.servers = servers;
        this.threads = threads;
        this.places = new Semaphore(maxAtOnce);
    }

    @Override
    public CompletionStage<Answer> ask(DnsServer server, Question question, Name zone, Deadline deadline) {
        if (!places.tryAcquire()) {
            return CompletableFuture.completedFuture(new Answer.Useless("too many queries are under way"));
        }
        return CompletableFuture.supplyAsync(() -> askAndMeasure(server, question, zone, deadline), threads)
                .exceptionally(unforeseen -> {
                    LOG.errorf(unforeseen, "asking name server %s failed in an unforeseen way", server);
                    return new Answer.Useless("an error of the resolver");
                })
                .whenComplete((_, _) -> places.release());
    }

    private Answer askAndMeasure(DnsServer server, Question question, Name zone, Deadline deadline) {
        long startNanos = deadline.ticker().nanos();
        Answer answer;
        try {
            answer = exchange(server, question, zone, deadline);
        } catch (SocketTimeoutException e) {
            answer = new Answer.Silence();
        } catch (IOException e) {
            answer = new Answer.Unreachable(String.valueOf(e.getMessage()));
        }
        long tookNanos = deadline.ticker().nanos() - startNanos;
        switch (answer) {
            case Answer.Silence _ -> servers.silent(server, tookNanos);
            case Answer.Unreachable _ -> servers.failed(server);
            case Answer.Conclusive _, Answer.Useless _ -> servers.answered(server, tookNanos);
        }
        return answer;
    }

    private Answer exchange(DnsServer server, Question question, Name zone, Deadline deadline) throws IOException {
        boolean withEdns = servers.knowsEdns(server);
        Message message = overUdp(server, question, withEdns ? edns : null, deadline);
        if (withEdns && message.getOPT() == null) {
            servers.doesNotKnowEdns(server);
            if (message.getRcode() != Rcode.NOERROR && message.getRcode() != Rcode.NXDOMAIN) {
                message = overUdp(server, question, null, deadline);
            }
        } else if (withEdns && message.getRcode() == Rcode.BADVERS) {
            servers.doesNotKnowEdns(server);
            message = overUdp(server, question, null, deadline);
        }
        if (message.getHeader().getFlag(Flags.TC)) {
            message = overTcp(server, question, servers.knowsEdns(server) ? edns : null, deadline);
        }
        return Reading.read(message, question, zone);
    }

    private Message overUdp(DnsServer server, Question question, @Nullable Edns edns, Deadline deadline)
            throws IOException {
        int id = random.nextInt(1 << 16);
        return Transport.overUdp(
                server, Wire.query(question, id, edns), MAX_UDP_BYTES, matching(question, id), deadline);
    }

    private Message overTcp(DnsServer server, Question question, @Nullable Edns edns, Deadline deadline)
            throws IOException {
        int id = random.nextInt(1 << 16);
        return Transport.overTcp(server, Wire.query(question, id, edns), matching(question, id), deadline);
    }

    private static Function<byte[], Optional<Message>> matching(Question question, int id) {
        return packet -> Wire.answer(packet, question, id);
    }
}
