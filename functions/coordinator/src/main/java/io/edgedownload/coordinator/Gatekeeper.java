package io.edgedownload.coordinator;

import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.grpc.GlobalInterceptor;
import jakarta.inject.Singleton;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Lets in who has the token, or a certificate that the server has verified; all others get UNAUTHENTICATED. */
@Singleton
@GlobalInterceptor
final class Gatekeeper implements ServerInterceptor {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Token token;
    private final Counter refused;

    Gatekeeper(Token token, MeterRegistry registry) {
        this.token = token;
        this.refused = Counter.builder("coordinator.refused")
                .description("Calls of peers that are not known")
                .register(registry);
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (token.isIn(headers.get(AUTHORIZATION))
                || isVerified(call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION))) {
            return next.startCall(call, headers);
        }
        refused.increment();
        call.close(
                Status.UNAUTHENTICATED.withDescription(
                        "a client certificate or the token of coordinator.token is needed"),
                new Metadata());
        return new ServerCall.Listener<>() {};
    }

    /** A client certificate that nothing trusts ends the handshake: it is not seen here. */
    private static boolean isVerified(@Nullable SSLSession session) {
        try {
            return session != null && session.getPeerCertificates().length > 0;
        } catch (SSLPeerUnverifiedException e) {
            return false;
        }
    }
}
