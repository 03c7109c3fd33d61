package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertPart;
import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.faults.Publication.StoredObject;
import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With edge.fallback.mode=auto S3 is read through here while there is time, and else the client is sent there. */
class AutoFallbackTest {

    private static final String PATH = "/object";
    private static final String STORED_PATH = "/bucket/key";
    private static final HostedObject OBJECT = HostedObject.random(61, 300_000);
    private static final String RANGE = "bytes=70000-140000";
    private static final Map<String, String> HURRIED = Map.of("Range", RANGE, "x-envoy-expected-rq-timeout-ms", "3000");

    private FaultOrigin origin;
    private FaultOrigin s3;
    private Edge edge;
    private String id;

    @BeforeEach
    void start() throws Exception {
        origin = FaultOrigin.start().serve(PATH, OBJECT);
        s3 = FaultOrigin.start().serve(STORED_PATH, OBJECT);
        edge = Edge.start(
                "auto",
                Map.of(
                        "edge.fallback.mode", "auto",
                        "edge.fallback.redirect-margin", "500ms",
                        "edge.fetch.attempt-timeout", "10s",
                        "edge.s3.endpoint", s3.uri("").toString()));
        id = edge.publish(Publication.of(origin.uri(PATH)).withS3(new StoredObject("bucket", "key")));
        // The first request to S3 takes longer than the next ones.
        origin.on(PATH).always(new Fault.Status(500));
        assertWhole(OBJECT, edge.get(id));
        edge.call("evict", id);
        origin.heal();
    }

    @AfterEach
    void stop() throws IOException {
        edge.close();
        origin.close();
        s3.close();
    }

    @Test
    void goesWithTheTimeThatIsLeft() throws Exception {
        origin.on(PATH).always(new Fault.AcceptAndStall());
        assertPart(OBJECT, 70_000, 140_000, "s3", edge.get(id, HURRIED));
        edge.call("evict", id);
        s3.on(STORED_PATH).always(new Fault.AcceptAndStall());
        var sent = edge.get(id, HURRIED);
        assertEquals(307, sent.status(), sent::toString);
        s3.heal();
        var location = URI.create(sent.field("Location").orElseThrow());
        assertPart(OBJECT, 70_000, 140_000, RawHttp.get(location, Map.of("Range", RANGE)));
    }

    @Test
    void aClientWithAPreconditionIsNotSent() throws Exception {
        origin.on(PATH).always(new Fault.AcceptAndStall());
        s3.on(STORED_PATH).always(new Fault.AcceptAndStall());
        var conditional = new HashMap<>(HURRIED);
        conditional.put(
                "If-Match",
                RawHttp.exchange("HEAD", edge.uri(id), Map.of()).field("ETag").orElseThrow());
        assertProblem(504, Set.of("deadline"), edge.get(id, conditional));
    }
}
