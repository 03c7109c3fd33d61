package io.edgedownload.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** The JSON functions of the target, called with its administration token. */
final class Functions {

    private final EdgeClient edge;
    private final String token;

    Functions(EdgeClient edge, String token) {
        this.edge = edge;
        this.token = token;
    }

    /** Calls a function with a JSON value. */
    Reply call(String function, Map<String, ?> body) {
        return callRaw(function, Reply.jsonOf(body));
    }

    /** Calls a function with text that need not be JSON. */
    Reply callRaw(String function, String body) {
        return edge.post("/" + function, body, "Authorization", "Bearer " + token);
    }

    /** Publishes an id that has one source, cut into chunks of 64 KiB, and returns its manifest. */
    JsonNode publish(String id, String source) {
        Reply reply = call("publish", Map.of("id", id, "sources", List.of(source), "chunkSize", 65536));
        if (reply.status() != 201 && reply.status() != 200) {
            throw new AssertionError("not published: " + reply);
        }
        return reply.json();
    }

    void evict(String id) {
        call("evict", Map.of("id", id)).expect(204);
    }
}
