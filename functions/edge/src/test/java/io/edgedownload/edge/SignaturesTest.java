package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.edgedownload.edge.EdgeConfigTest.Configured;
import io.edgedownload.edge.Signatures.Admission;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.request.Grant;
import io.edgedownload.engine.request.Scope;
import io.edgedownload.engine.request.SigningKeys;
import io.edgedownload.engine.request.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** Signatures end by the wall clock of the machine that checks them, wherever it is set to. */
final class SignaturesTest {
    private static final DownloadId ID = new DownloadId("images/a.iso");
    private static final Instant EXPIRES = Instant.parse("2026-11-23T10:00:00Z");

    private final AtomicReference<Instant> wall = new AtomicReference<>(EXPIRES.minusSeconds(60));
    private final SigningKeys keys = new SigningKeys(Map.of("k1", new byte[32]), "k1");
    private final Signatures signatures = new Signatures(Configured.with(), Optional.of(keys), wall::get);
    private final String signature = keys.sign(new Grant(ID, "gen-1", new Scope.Whole()), EXPIRES);

    @Test
    void aClockThatIsSetForwardEndsThemAndOneThatIsSetBackGivesThemTimeAgain() {
        assertEquals(new Admission.Granted("gen-1", "k1"), admitted());
        wall.set(EXPIRES.plus(Duration.ofHours(1)));
        var refused = assertInstanceOf(Admission.Refused.class, admitted());
        assertEquals(ProblemType.SIGNATURE_EXPIRED, refused.problem().type());
        wall.set(EXPIRES.minus(Duration.ofHours(1)));
        assertEquals(new Admission.Granted("gen-1", "k1"), admitted());
    }

    @Test
    void theyHoldUntilTheirSecondAndNoLonger() {
        wall.set(EXPIRES.minusNanos(1));
        assertEquals(new Admission.Granted("gen-1", "k1"), admitted());
        wall.set(EXPIRES);
        assertInstanceOf(Admission.Refused.class, admitted());
    }

    private Admission admitted() {
        return signatures.admit(signature, Optional.of(ID), new Target.WholeObject());
    }
}
