package io.edgedownload.coordinator;

import io.edgedownload.fixtures.FreePort;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/** A coordinator alone, with a token, on free ports. */
public final class TokenDeployment implements QuarkusTestProfile {
    static final String TOKEN = "a-token-for-tests";

    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "coordinator.token",
                TOKEN,
                "coordinator.name",
                "one",
                "coordinator.silence",
                "3s",
                "coordinator.max-edges",
                "6",
                "coordinator.etcd.lease",
                "2s",
                "quarkus.http.test-port",
                "0",
                "quarkus.grpc.server.test-port",
                String.valueOf(freePort()));
    }

    private static int freePort() {
        try {
            return FreePort.next();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
