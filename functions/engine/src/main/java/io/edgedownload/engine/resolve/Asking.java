package io.edgedownload.engine.resolve;

import io.edgedownload.engine.time.Deadline;
import java.util.concurrent.CompletionStage;
import org.xbill.DNS.Name;

/** Asks one name server one question. */
@FunctionalInterface
interface Asking {
    /**
     * Never fails: what goes wrong is an answer.
     *
     * @param zone what the server is asked for: a stub domain, or the root
     */
    CompletionStage<Answer> ask(DnsServer server, Question question, Name zone, Deadline deadline);
}
