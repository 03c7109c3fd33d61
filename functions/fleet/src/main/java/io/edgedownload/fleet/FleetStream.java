package io.edgedownload.fleet;

import io.edgedownload.fleet.v1.Directive;
import io.edgedownload.fleet.v1.EdgeReport;
import io.edgedownload.fleet.v1.Event;
import io.edgedownload.fleet.v1.FleetGrpc;
import io.edgedownload.fleet.v1.Heartbeat;
import io.edgedownload.fleet.v1.Hello;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.grpc.client.GrpcClientRequest;
import io.vertx.grpc.client.GrpcClientResponse;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One stream, from hello to its end. All of it runs on one context; what has to wait for the network waits in the queue of events. */
final class FleetStream {
    static final ServiceMethod<Directive, EdgeReport> METHOD = ServiceMethod.client(
            ServiceName.create(FleetGrpc.SERVICE_NAME),
            "Join",
            GrpcMessageEncoder.encoder(),
            GrpcMessageDecoder.decoder(Directive.parser()));

    /** Heartbeats without an answer after which the coordinator is taken for gone, unless that is too soon for a busy one. */
    private static final int LEAST_UNANSWERED = 3;

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Line line;
    private final FleetClient.Settings settings;
    private final FleetPeer peer;
    private final EventQueue events;
    private final Consumer<String> ended;

    private @Nullable GrpcClientRequest<EdgeReport, Directive> request;
    private boolean welcomed;
    private boolean over;
    private long sentEvent;
    private int unanswered;
    private boolean making;
    private boolean makeAnother;
    private long timer;

    /**
     * @param context of all that happens
     * @param executor for what may block
     */
    record Line(Context context, Executor executor) {}

    FleetStream(Line line, FleetClient.Settings settings, FleetPeer peer, EventQueue events, Consumer<String> ended) {
        this.line = line;
        this.settings = settings;
        this.peer = peer;
        this.events = events;
        this.ended = ended;
    }

    /** @param session how many streams there were, with this one */
    void open(GrpcClientRequest<EdgeReport, Directive> asked, long session, Consumer<String> welcome) {
        request = asked;
        if (settings.token() != null) {
            asked.headers().set(HttpHeaders.AUTHORIZATION, "Bearer " + settings.token());
        }
        asked.exceptionHandler(failure -> end(String.valueOf(failure.getMessage())));
        asked.drainHandler(_ -> send());
        asked.response().onComplete(answered -> {
            if (answered.succeeded()) {
                listen(answered.result(), welcome);
            } else {
                end(String.valueOf(answered.cause().getMessage()));
            }
        });
        Hello hello = peer.hello().toBuilder().setSession(session).build();
        var _ = asked.write(EdgeReport.newBuilder().setHello(hello).build());
        timer = line.context().owner().setPeriodic(settings.interval().toMillis(), _ -> tick());
    }

    private void listen(GrpcClientResponse<EdgeReport, Directive> response, Consumer<String> welcome) {
        response.handler(directive -> received(directive, welcome));
        response.exceptionHandler(failure -> end(String.valueOf(failure.getMessage())));
        response.endHandler(_ -> {
            GrpcStatus status = response.status();
            String said = response.statusMessage();
            end((status == null ? "it ended the stream" : status.name()) + (said == null ? "" : ": " + said));
        });
    }

    private void received(Directive directive, Consumer<String> welcome) {
        unanswered = 0;
        switch (directive.getDirectiveCase()) {
            case WELCOME -> {
                welcomed = true;
                sentEvent = directive.getWelcome().getStoredEvent();
                events.stored(sentEvent);
                welcome.accept(directive.getWelcome().getCoordinator());
                send();
                beat();
            }
            case ACKNOWLEDGED -> events.stored(directive.getAcknowledged().getStoredEvent());
            case EGRESS_LIMIT, DRAIN, LIFT, WARM, PROBE_FIRST -> peer.ordered(directive);
            case DIRECTIVE_NOT_SET -> {
                // Of a later version; see fleet.proto.
            }
        }
    }

    private void tick() {
        long most = Math.max(LEAST_UNANSWERED, PATIENCE.dividedBy(settings.interval()));
        if (++unanswered > most) {
            end("no answer to " + most + " heartbeats");
        } else {
            beat();
        }
    }

    /** Sends the events that were not yet, as far as the network takes them. */
    void send() {
        if (!welcomed || over || request == null) {
            return;
        }
        for (Event event : events.after(sentEvent)) {
            if (request.writeQueueFull()) {
                return;
            }
            sentEvent = event.getSequence();
            var _ = request.write(EdgeReport.newBuilder().setEvent(event).build());
        }
    }

    /** Has a heartbeat made and sent. While one is being made, another is made after it: that one has not seen all. */
    void beat() {
        if (!welcomed || over) {
            return;
        }
        if (making) {
            makeAnother = true;
            return;
        }
        making = true;
        line.executor().execute(() -> {
            try {
                Heartbeat heartbeat = peer.heartbeat();
                line.context().runOnContext(_ -> made(heartbeat));
            } catch (RuntimeException e) {
                line.context().runOnContext(_ -> end("no heartbeat could be made: " + e));
            }
        });
    }

    private void made(Heartbeat heartbeat) {
        making = false;
        // One that the network does not take is not sent: the next one tells more.
        if (!over && request != null && !request.writeQueueFull()) {
            var _ = request.write(
                    EdgeReport.newBuilder().setHeartbeat(heartbeat).build());
        }
        if (makeAnother) {
            makeAnother = false;
            beat();
        }
    }

    /** Ends it, once, whatever else fails because of that. */
    void end(String reason) {
        if (over) {
            return;
        }
        over = true;
        line.context().owner().cancelTimer(timer);
        if (request != null) {
            var _ = request.connection().close();
        }
        ended.accept(reason);
    }
}
