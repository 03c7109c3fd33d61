package io.edgedownload.coordinator;

import io.edgedownload.fleet.v1.Directive;
import io.edgedownload.fleet.v1.EdgeReport;
import io.edgedownload.fleet.v1.FleetGrpc;
import io.grpc.BindableService;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.quarkus.grpc.GrpcService;

/** The service of {@code fleet.proto}, on calls whose flow both sides control. */
@GrpcService
final class FleetService implements BindableService {
    private final Streams streams;

    FleetService(Streams streams) {
        this.streams = streams;
    }

    @Override
    public ServerServiceDefinition bindService() {
        return ServerServiceDefinition.builder(FleetGrpc.getServiceDescriptor())
                .addMethod(FleetGrpc.getJoinMethod(), ServerCalls.asyncBidiStreamingCall(this::join))
                .build();
    }

    private StreamObserver<EdgeReport> join(StreamObserver<Directive> directives) {
        // What the method above hands over, see its documentation.
        var out = (ServerCallStreamObserver<Directive>) directives;
        Session session = streams.open(out);
        session.begin();
        if (!streams.admits()) {
            session.end(Status.RESOURCE_EXHAUSTED.withDescription("coordinator.max-edges are here already"));
        }
        return session;
    }
}
