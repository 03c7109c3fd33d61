package io.edgedownload.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawResponse;
import io.edgedownload.fixtures.Sha256;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

/** What a client may get. */
final class Expect {

    private static final Pattern TYPE = Pattern.compile("\"type\"\\s*:\\s*\"/problems/([a-z-]+)\"");

    private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

    private Expect() {}

    /** What can be asked over the network. */
    interface Question {
        boolean isTrue() throws IOException;
    }

    /** Asks again and again, for at most a minute. */
    static void await(String otherwise, Question question) throws IOException {
        long startNanos = System.nanoTime();
        while (!question.isTrue()) {
            assertTrue(System.nanoTime() - startNanos < PATIENCE_NANOS, otherwise);
        }
    }

    /** 200 with every byte of the object. */
    static void assertWhole(HostedObject object, RawResponse answer) {
        assertEquals(200, answer.status(), answer::toString);
        assertBytes(object.bytes(), answer);
    }

    /** 206 with just these bytes, both positions inclusive. */
    static void assertPart(HostedObject object, long first, long last, RawResponse answer) {
        assertEquals(206, answer.status(), answer::toString);
        assertEquals(
                "bytes %d-%d/%d".formatted(first, last, object.lengthBytes()),
                answer.field("Content-Range").orElse("none"));
        assertBytes(object.slice(first, last), answer);
    }

    /** The same, fetched now, from this tier. */
    static void assertPart(HostedObject object, long first, long last, String tier, RawResponse answer) {
        assertPart(object, first, last, answer);
        var cacheStatus = answer.field("Cache-Status").orElse("none");
        assertTrue(cacheStatus.contains("fwd=miss") && cacheStatus.contains("detail=" + tier), cacheStatus);
    }

    /** Everything that was announced came, and it is right. */
    static void assertBytes(byte[] expected, RawResponse answer) {
        assertTrue(answer.isComplete(), answer::toString);
        assertEquals(expected.length, answer.body().length);
        assertEquals(Sha256.hex(expected), Sha256.hex(answer.body()));
    }

    /** A whole problem document of one of these types (RFC 9457). */
    static void assertProblem(int status, Set<String> types, RawResponse answer) {
        assertEquals(status, answer.status(), answer::toString);
        assertTrue(answer.isComplete(), answer::toString);
        assertTrue(
                answer.field("Content-Type").orElse("none").startsWith("application/problem+json"), answer::toString);
        var type = TYPE.matcher(answer.text());
        assertTrue(type.find() && types.contains(type.group(1)), () -> "not one of " + types + ": " + answer);
        if (status == 503) {
            assertTrue(answer.field("Retry-After").isPresent(), answer::toString);
        }
    }
}
