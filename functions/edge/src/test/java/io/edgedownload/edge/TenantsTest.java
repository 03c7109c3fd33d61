package io.edgedownload.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.edgedownload.edge.EdgeConfigTest.Configured;
import io.edgedownload.edge.Signatures.Admission;
import io.edgedownload.edge.Tenants.Found;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TenantsTest {
    private static final Admission SIGNED = new Admission.Granted("g1", "acme");
    private static final Admission FREE = new Admission.Free();

    private final Tenants byKey = new Tenants(Configured.with("edge.access=open"));
    private final Tenants byField = new Tenants(Configured.with("edge.access=open", "edge.tenant.header=X-Tenant"));

    @Test
    void whoseKeySignedIsTheTenant() {
        assertEquals(new Found.Tenant("acme"), byKey.of(Map.of("X-Tenant", "other")::get, SIGNED));
        assertEquals(new Found.Tenant("acme"), byField.of(Map.<String, String>of()::get, SIGNED));
    }

    @Test
    void whatTheGatewaySaysIsStronger() {
        assertEquals(new Found.Tenant("other"), byField.of(Map.of("X-Tenant", "other")::get, SIGNED));
        assertEquals(new Found.Tenant("other"), byField.of(Map.of("X-Tenant", "other")::get, FREE));
    }

    @Test
    void withoutBothItIsNobody() {
        assertEquals(new Found.Tenant(""), byKey.of(Map.of("X-Tenant", "other")::get, FREE));
        assertEquals(new Found.Tenant(""), byField.of(Map.<String, String>of()::get, FREE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "a,b", "a/b", "\u00e4"})
    void whatIsNoNameIsRefused(String sent) {
        assertInstanceOf(Found.Refused.class, byField.of(Map.of("X-Tenant", sent)::get, SIGNED));
    }
}
