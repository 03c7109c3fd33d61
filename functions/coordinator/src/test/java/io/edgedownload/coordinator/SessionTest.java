package io.edgedownload.coordinator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.edgedownload.fleet.v1.Directive;
import io.edgedownload.fleet.v1.Directive.DirectiveCase;
import io.edgedownload.fleet.v1.EdgeReport;
import io.edgedownload.fleet.v1.Hello;
import io.grpc.stub.ServerCallStreamObserver;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a session tells an instance that does not always read. */
final class SessionTest {
    private static final Orders LIMIT = new Orders(1_000, false, List.of(), Set.of());
    private static final Orders DRAIN = new Orders(0, true, List.of(), Set.of());

    private final Vertx vertx = Vertx.vertx();
    private final Line line = new Line();
    private final Session session = new Session(line, new OneCoordinator(vertx));

    @BeforeEach
    void join() {
        session.begin();
        session.onNext(EdgeReport.newBuilder()
                .setHello(Hello.newBuilder().setInstance("one").setSession(1))
                .build());
        assertEquals(List.of(DirectiveCase.WELCOME), line.told());
    }

    @AfterEach
    void stop() {
        var _ = vertx.close();
    }

    @Test
    void anOrderIsToldOnceUntilItIsRenewed() {
        session.order(LIMIT);
        session.order(LIMIT);
        assertEquals(List.of(DirectiveCase.EGRESS_LIMIT), line.told());
        session.renew();
        assertEquals(List.of(DirectiveCase.EGRESS_LIMIT), line.told());
        session.order(DRAIN);
        assertEquals(List.of(DirectiveCase.LIFT, DirectiveCase.DRAIN), line.told());
        session.renew();
        assertEquals(List.of(DirectiveCase.DRAIN), line.told());
        session.order(Orders.NONE);
        assertEquals(List.of(DirectiveCase.LIFT), line.told());
        session.renew();
        assertEquals(List.of(), line.told());
    }

    @Test
    void anOrderThatEndsWhileItsRenewalWaitsIsLifted() {
        session.order(LIMIT);
        assertEquals(List.of(DirectiveCase.EGRESS_LIMIT), line.told());
        line.reads(false);
        session.renew();
        session.order(Orders.NONE);
        assertEquals(List.of(), line.told());
        line.reads(true);
        assertEquals(List.of(DirectiveCase.LIFT), line.told());
    }

    @Test
    void whoDoesNotReadIsToldTheLastOfEachOnly() {
        line.reads(false);
        for (long limit = 1; limit <= 100; limit++) {
            session.order(new Orders(limit, limit % 2 == 0, List.of(), Set.of("http://o:" + limit)));
        }
        line.reads(true);
        assertEquals(List.of(DirectiveCase.EGRESS_LIMIT, DirectiveCase.DRAIN, DirectiveCase.PROBE_FIRST), line.told());
    }

    private record OneCoordinator(Roster roster, EventSpans spans) implements Session.Fleet {
        OneCoordinator(Vertx vertx) {
            this(
                    new Roster(
                            new AloneStore(vertx, Duration.ofSeconds(1), Duration.ofSeconds(1)),
                            Duration.ofSeconds(1),
                            InstantSource.system()),
                    new EventSpans(OpenTelemetry.noop(), true));
        }

        @Override
        public String coordinator() {
            return "alone";
        }

        @Override
        public Duration holds() {
            return Duration.ofSeconds(60);
        }

        @Override
        public long nowMillis() {
            return 0;
        }

        @Override
        public void changed() {}

        @Override
        public void ended(Session session) {}
    }

    /** The network's side of a stream: it says whether it takes more. */
    private static final class Line extends ServerCallStreamObserver<Directive> {
        private final List<DirectiveCase> told = new ArrayList<>();
        private Runnable ready = () -> {};
        private boolean reads = true;

        /** Since this was asked last. */
        List<DirectiveCase> told() {
            List<DirectiveCase> all = List.copyOf(told);
            told.clear();
            return all;
        }

        void reads(boolean now) {
            reads = now;
            if (now) {
                ready.run();
            }
        }

        @Override
        public void onNext(Directive directive) {
            told.add(directive.getDirectiveCase());
        }

        @Override
        public boolean isReady() {
            return reads;
        }

        @Override
        public void setOnReadyHandler(Runnable handler) {
            ready = handler;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public void setOnCancelHandler(Runnable handler) {}

        @Override
        public void setCompression(String compression) {}

        @Override
        public void disableAutoRequest() {}

        @Override
        public void disableAutoInboundFlowControl() {}

        @Override
        public void request(int count) {}

        @Override
        public void setMessageCompression(boolean enable) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
