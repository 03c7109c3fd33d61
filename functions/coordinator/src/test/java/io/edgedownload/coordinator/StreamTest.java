package io.edgedownload.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fleet.v1.Breaker;
import io.edgedownload.fleet.v1.BreakerState;
import io.edgedownload.fleet.v1.Chunk;
import io.edgedownload.fleet.v1.Condition;
import io.edgedownload.fleet.v1.Directive;
import io.edgedownload.fleet.v1.Directive.DirectiveCase;
import io.edgedownload.fleet.v1.Event;
import io.edgedownload.fleet.v1.EventKind;
import io.edgedownload.fleet.v1.Heartbeat;
import io.edgedownload.fleet.v1.Order;
import io.edgedownload.fleet.v1.Traffic;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The contract of the stream, between a real coordinator and the client that edges have. */
@QuarkusTest
@TestProfile(TokenDeployment.class)
final class StreamTest {
    private static final Duration OFTEN = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ORIGIN = "http://sick:80";

    @Inject
    @SuppressWarnings("NullAway.Init") // by Quarkus
    Vertx vertx;

    @TestHTTPResource
    @SuppressWarnings("NullAway.Init") // by Quarkus
    URI http;

    private final List<TestPeer> peers = new ArrayList<>();

    @AfterEach
    void leave() {
        peers.forEach(TestPeer::close);
    }

    @Test
    void anUnknownPeerIsUnauthenticated() throws Exception {
        for (String token : new String[] {null, "", "a-token-for-testz", TokenDeployment.TOKEN + "x"}) {
            String reason = join("stranger", token, OFTEN).awaitLoss();
            assertTrue(reason.startsWith("UNAUTHENTICATED"), reason);
        }
        assertTrue(edge("stranger").isEmpty());
    }

    @Test
    void whoIsThereIsShownToWhoHasTheToken() throws Exception {
        assertEquals("one", join("shown").awaitJoined());
        await(() -> edge("shown").isPresent());
        assertEquals("north", edge("shown").orElseThrow().getString("zone"));
        assertEquals(401, call("GET", "edges", null).statusCode());
        assertTrue(call("GET", "q/metrics", null).body().contains("coordinator_edges{state=\"known\"}"));
    }

    @Test
    void anEdgeThatSurgesIsLimitedUntilItIsCalm() throws Exception {
        TestPeer peer = join("surging");
        peer.tell(Heartbeat.newBuilder().addConditions(Condition.CONDITION_SURGE));
        Directive limit = peer.await(DirectiveCase.EGRESS_LIMIT);
        assertEquals(1_000, limit.getEgressLimit().getBytesPerSecond());
        assertEquals(60, limit.getEgressLimit().getHoldsSeconds());
        peer.tell(Heartbeat.newBuilder());
        assertEquals(
                Order.ORDER_EGRESS_LIMIT,
                peer.await(DirectiveCase.LIFT).getLift().getOrder());
    }

    @Test
    void eachEventIsCountedOnceAndAcknowledged() throws Exception {
        TestPeer peer = join("telling");
        for (int times = 0; times < 50; times++) {
            peer.client()
                    .happened(Event.newBuilder()
                            .setKind(EventKind.EVENT_KIND_RETRANSMITS_BEGAN)
                            .setSubject("/a/group")
                            .setTraffic(Traffic.newBuilder()
                                    .setEstablished(7)
                                    .setSegmentsSent(1_000)
                                    .setSegmentsRetransmitted(90)
                                    .setWindowMillis(10_000)));
        }
        await(() -> peer.client().waiting() == 0);
        JsonObject events = edge("telling").orElseThrow().getJsonObject("events");
        assertEquals(50, events.getJsonObject("counts").getInteger("retransmits-began"));
        JsonObject last = events.getJsonArray("recent").getJsonObject(7);
        assertEquals(50, last.getInteger("sequence"));
        assertEquals("/a/group", last.getString("subject"));
        assertEquals("7 established, 90 of 1000 segments sent again in 10000 ms", last.getString("detail"));
    }

    @Test
    void anEventTellsWhichTraceItIsPartOf() throws Exception {
        String trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        TestPeer peer = join("traced");
        for (String traceparent : List.of("00-" + trace + "-00f067aa0ba902b7-00", "", "00-" + trace + "-nonsense-00")) {
            peer.client()
                    .happened(Event.newBuilder()
                            .setKind(EventKind.EVENT_KIND_INTEGRITY_FAILURE)
                            .setTraceparent(traceparent));
        }
        await(() -> peer.client().waiting() == 0);
        JsonArray recent = edge("traced").orElseThrow().getJsonObject("events").getJsonArray("recent");
        assertEquals(
                List.of(trace, "", ""),
                recent.stream()
                        .map(told -> ((JsonObject) told).getString("trace"))
                        .toList());
    }

    @Test
    void aTraceparentThatIsTooLongEndsTheStream() throws Exception {
        TestPeer peer = join("flooding");
        peer.client().happened(Event.newBuilder().setTraceparent("0".repeat(301)));
        assertEquals("INVALID_ARGUMENT: traceparent is not as fleet.proto says", peer.awaitLoss());
    }

    @Test
    void whatIsHotIsWarmedOnANewEdge() throws Exception {
        Chunk chunk = Chunk.newBuilder()
                .setId("a/file")
                .setGeneration("g1")
                .setIndex(3)
                .setSizeBytes(65_536)
                .setLengthBytes(65_536)
                .setScore(5)
                .build();
        join("hot").tell(Heartbeat.newBuilder().addHot(chunk));
        TestPeer fresh = join("fresh");
        assertEquals(chunk, fresh.await(DirectiveCase.WARM).getWarm().getChunks(0));
    }

    @Test
    void anOriginThatIsOpenOnMostEdgesIsAnnouncedToTheOther() throws Exception {
        Breaker open = Breaker.newBuilder()
                .setOrigin(ORIGIN)
                .setState(BreakerState.BREAKER_STATE_OPEN)
                .build();
        TestPeer well = join("well");
        List<TestPeer> sick = List.of(join("sick-1"), join("sick-2"), join("sick-3"), join("sick-4"));
        sick.forEach(peer -> peer.tell(Heartbeat.newBuilder().addBreakers(open)));
        while (well.await(DirectiveCase.PROBE_FIRST)
                .getProbeFirst()
                .getOriginsList()
                .isEmpty()) {}
        sick.forEach(peer -> peer.tell(Heartbeat.newBuilder()));
        while (!well.await(DirectiveCase.PROBE_FIRST)
                .getProbeFirst()
                .getOriginsList()
                .isEmpty()) {}
    }

    @Test
    void anOperatorDrainsAnEdgeAndLiftsIt() throws Exception {
        TestPeer peer = join("drained");
        await(() -> edge("drained").isPresent());
        assertEquals(401, call("PUT", "edges/drained/drain", null).statusCode());
        assertEquals(
                404, call("PUT", "edges/nobody/drain", TokenDeployment.TOKEN).statusCode());
        assertEquals(
                202, call("PUT", "edges/drained/drain", TokenDeployment.TOKEN).statusCode());
        assertEquals(60, peer.await(DirectiveCase.DRAIN).getDrain().getHoldsSeconds());
        assertEquals(
                202,
                call("DELETE", "edges/drained/drain", TokenDeployment.TOKEN).statusCode());
        assertEquals(Order.ORDER_DRAIN, peer.await(DirectiveCase.LIFT).getLift().getOrder());
    }

    @Test
    void whatIsNotAsTheProtocolSaysEndsTheStream() throws Exception {
        String reason = join("no such name").awaitLoss();
        assertTrue(reason.startsWith("INVALID_ARGUMENT"), reason);
        TestPeer peer = join("talkative");
        peer.awaitJoined();
        Heartbeat.Builder much = Heartbeat.newBuilder();
        for (int each = 0; each <= 64; each++) {
            much.addBreakers(Breaker.newBuilder().setOrigin("http://o" + each));
        }
        peer.tell(much);
        String cause = peer.awaitLoss();
        assertTrue(cause.startsWith("INVALID_ARGUMENT"), cause);
    }

    @Test
    void whoSaysNothingForTooLongIsSentAway() throws Exception {
        TestPeer quiet = join("quiet", TokenDeployment.TOKEN, Duration.ofHours(1));
        quiet.awaitJoined();
        String reason = quiet.awaitLoss();
        assertTrue(reason.startsWith("ABORTED"), reason);
    }

    @Test
    void oneEdgeTooManyIsRefused() throws Exception {
        for (int each = 0; each < 7; each++) {
            join("many-" + each);
        }
        await(() -> peers.stream().filter(peer -> peer.client().joined()).count() == 6);
        TestPeer refused = peers.stream()
                .filter(peer -> !peer.client().joined())
                .findFirst()
                .orElseThrow();
        String reason = refused.awaitLoss();
        assertTrue(reason.startsWith("RESOURCE_EXHAUSTED"), reason);
    }

    @Test
    void nobodyElseHearsTheToken() {
        assertFalse(new Token(Optional.of("secret")).toString().contains("secret"));
    }

    private TestPeer join(String instance) {
        return join(instance, TokenDeployment.TOKEN, OFTEN);
    }

    private TestPeer join(String instance, @Nullable String token, Duration interval) {
        int port = ConfigProvider.getConfig().getValue("quarkus.grpc.server.test-port", Integer.class);
        TestPeer peer = new TestPeer(vertx, URI.create("http://127.0.0.1:" + port), token, instance, interval);
        peers.add(peer);
        return peer;
    }

    private Optional<JsonObject> edge(String instance) {
        JsonArray edges =
                new JsonObject(call("GET", "edges", TokenDeployment.TOKEN).body()).getJsonArray("edges");
        Predicate<JsonObject> named = each -> instance.equals(each.getString("instance"));
        return edges.stream().map(JsonObject.class::cast).filter(named).findFirst();
    }

    private HttpResponse<String> call(String method, String path, @Nullable String token) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(http.resolve("/" + path)).method(method, HttpRequest.BodyPublishers.noBody());
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (java.io.IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void await(BooleanSupplier condition) {
        long startNanos = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNanos > PATIENCE.toNanos()) {
                throw new AssertionError("not within " + PATIENCE);
            }
            Thread.onSpinWait();
        }
    }
}
