package io.edgedownload.lambda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.OriginRequest;
import io.edgedownload.fixtures.RawResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lambda freezes a process between two invocations, here by signals; what its clocks may make of it is tested in the engine. */
final class FreezeTest {
    private static final String PATH = "/object";
    private static final int CHUNK = 64 << 10;
    private static final HostedObject OBJECT = HostedObject.random(62, 4 * CHUNK);

    private static Deployment deployment;

    private FaultOrigin origin;
    private String id;

    @BeforeAll
    static void startFunction() throws Exception {
        deployment = Deployment.start("freeze", Map.of());
    }

    @AfterAll
    static void stopFunction() {
        deployment.close();
    }

    @BeforeEach
    void publish() throws IOException {
        origin = FaultOrigin.start().serve(PATH, OBJECT);
        id = deployment.publish(origin, PATH);
        idleSeconds(30);
        assertChunk(1);
    }

    @AfterEach
    void stopOrigin() throws IOException {
        origin.close();
    }

    @Test
    void afterAShortFreezeTheConnectionIsStillWarm() throws Exception {
        OriginRequest before = lastRequest();
        deployment.function().freeze();
        deployment.function().thaw();
        assertChunk(2);
        assertEquals(before.connection(), lastRequest().connection());
    }

    @Test
    void aConnectionThatTheOriginLeftMeanwhileCostsNothing() throws Exception {
        OriginRequest before = lastRequest();
        deployment.function().freeze();
        origin.refuseConnections();
        origin.acceptConnections();
        deployment.function().thaw();
        assertChunk(2);
        assertNotEquals(before.connection(), lastRequest().connection());
    }

    @Test
    void afterALongFreezeTheConnectionIsNotUsed() throws Exception {
        idleSeconds(1);
        assertChunk(2);
        OriginRequest before = lastRequest();
        deployment.function().freeze();
        deployment.function().stayFrozen(Duration.ofMillis(1_500));
        deployment.function().thaw();
        assertChunk(3);
        assertNotEquals(before.connection(), lastRequest().connection());
    }

    private static void idleSeconds(int seconds) throws IOException {
        RawResponse answer = deployment.call("limit", "{\"idleSeconds\":" + seconds + "}");
        assertEquals(200, answer.status(), answer::toString);
    }

    private void assertChunk(int number) throws IOException {
        RawResponse answer = deployment.chunk(id, number);
        assertEquals(206, answer.status(), answer::toString);
        assertArrayEquals(OBJECT.slice((number - 1L) * CHUNK, number * (long) CHUNK - 1), answer.body());
    }

    private OriginRequest lastRequest() {
        return origin.requests(PATH).getLast();
    }
}
