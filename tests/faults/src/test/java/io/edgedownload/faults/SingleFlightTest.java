package io.edgedownload.faults;

import static io.edgedownload.faults.Expect.assertProblem;
import static io.edgedownload.faults.Expect.assertWhole;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.Fault;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.Gate;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Many clients ask for one cold chunk; a gate at the origin holds it until they all have. */
@ExtendWith(SharedEdge.class)
class SingleFlightTest {

    private static final String PATH = "/object";
    private static final Map<String, String> LITTLE_TIME = Map.of("x-envoy-expected-rq-timeout-ms", "300");
    private static final HostedObject ONE_CHUNK = HostedObject.random(3, 60_000);

    private final Edge edge;
    private final Gate gate = new Gate();
    private FaultOrigin origin;
    private String id;
    private int requestsOfPublish;

    SingleFlightTest(Edge edge) {
        this.edge = edge;
    }

    @BeforeEach
    void publish() throws IOException {
        origin = FaultOrigin.start().serve(PATH, ONE_CHUNK);
        id = edge.publish(Publication.of(origin.uri(PATH)));
        requestsOfPublish = origin.requests(PATH).size();
        origin.on(PATH).always(new Fault.HoldUntil(gate));
    }

    @AfterEach
    void stop() throws IOException {
        gate.open();
        origin.close();
    }

    private RawHttp asked(Map<String, String> fields) throws IOException {
        var client = RawHttp.connect(edge.uri(id));
        client.request("GET", edge.uri(id), fields);
        return client;
    }

    private void awaitOriginRequests(int number) throws InterruptedException {
        origin.awaitRequests(PATH, requestsOfPublish + number);
    }

    private int originRequests() {
        return origin.requests(PATH).size() - requestsOfPublish;
    }

    @Test
    void aHundredClientsCostOneOriginRequest() throws Exception {
        var clients = new ArrayList<RawHttp>();
        for (int i = 0; i < 100; i++) {
            clients.add(asked(Map.of()));
        }
        awaitOriginRequests(1);
        gate.open();
        var answers = new ArrayList<RawResponse>();
        for (var client : readAll(clients)) {
            answers.add(client.get());
        }
        for (var answer : answers) {
            assertWhole(ONE_CHUNK, answer);
        }
        assertEquals(1, originRequests());
        assertEquals(1, answers.stream().filter(SingleFlightTest::beganTheFill).count());
    }

    private static List<Future<RawResponse>> readAll(List<RawHttp> clients) {
        var answers = new ArrayList<Future<RawResponse>>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var client : clients) {
                answers.add(threads.submit(() -> {
                    try (client) {
                        return client.response();
                    }
                }));
            }
        }
        return answers;
    }

    private static boolean beganTheFill(RawResponse answer) {
        var cacheStatus = answer.field("Cache-Status").orElse("");
        return cacheStatus.contains("fwd=miss") && !cacheStatus.contains("collapsed");
    }

    @Test
    void aClientThatLeavesDoesNotCancelTheFillForTheOthers() throws Exception {
        try (var first = asked(Map.of());
                var second = asked(Map.of())) {
            awaitOriginRequests(1);
            first.leave();
            gate.open();
            assertWhole(ONE_CHUNK, second.response());
        }
        assertEquals(1, originRequests());
    }

    @Test
    void aFillThatEverybodyLeftIsKeptForWhoComesNext() throws Exception {
        try (var only = asked(Map.of())) {
            awaitOriginRequests(1);
            only.leave();
        }
        gate.open();
        assertWhole(ONE_CHUNK, edge.get(id));
        assertEquals(1, originRequests());
    }

    @Test
    void whoHasLittleTimeLeavesAnotherOnesFill() throws Exception {
        try (var patient = asked(Map.of())) {
            awaitOriginRequests(1);
            assertProblem(504, Set.of("deadline"), edge.get(id, LITTLE_TIME));
            gate.open();
            assertWhole(ONE_CHUNK, patient.response());
        }
        assertEquals(1, originRequests());
    }

    @Test
    void aFillBegunWithLittleTimeDoesNotFailThoseWhoJoined() throws Exception {
        try (var hurried = asked(LITTLE_TIME)) {
            awaitOriginRequests(1);
            try (var patient = asked(Map.of())) {
                assertProblem(504, Set.of("deadline"), hurried.response());
                gate.open();
                assertWhole(ONE_CHUNK, patient.response());
            }
        }
        assertTrue(originRequests() <= 2, () -> "requests: " + originRequests());
    }
}
