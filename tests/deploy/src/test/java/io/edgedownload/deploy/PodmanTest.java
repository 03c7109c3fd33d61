package io.edgedownload.deploy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.edgedownload.fixtures.FaultOrigin;
import io.edgedownload.fixtures.FreePort;
import io.edgedownload.fixtures.HostedObject;
import io.edgedownload.fixtures.RawHttp;
import io.edgedownload.fixtures.RawResponse;
import io.fabric8.knative.serving.v1.RevisionSpec;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The service that delivers, in a container with all restrictions of its manifest: run by podman, for no cluster is here. */
class PodmanTest {
    private static final String PATH = "/object";
    private static final HostedObject OBJECT = HostedObject.random(97, 9_000_000);
    private static final String TOKEN = "of-the-test-with-podman";
    private static final String POD = "edge-download-of-a-test";
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final ObjectMapper YAML = new YAMLMapper();

    @Test
    void itDeliversFromAReadOnlyRootAndKeepsChunksInItsVolume(@TempDir Path folder) throws Exception {
        assumeTrue(Rendered.onPath("podman"), "SKIPPED: podman is missing: no container was run");
        int port = FreePort.next();
        Path manifest = folder.resolve("pod.yaml");
        YAML.writeValue(manifest.toFile(), pod(port));
        URI edge = URI.create("http://127.0.0.1:" + port + "/");
        FunctionsImage image = FunctionsImage.make(folder);
        try (FaultOrigin origin = FaultOrigin.start().serve(PATH, OBJECT)) {
            image.run("podman", "kube", "play", "--replace", manifest.toString());
            try {
                awaitReady(edge, image);
                RawResponse published = RawHttp.post(
                        edge.resolve("/publish"),
                        Map.of("Authorization", "Bearer " + TOKEN),
                        "{\"id\":\"object\",\"sources\":[\"" + origin.uri(PATH) + "\"],\"digest\":true}");
                assertEquals(201, published.status(), published::toString);
                RawResponse whole = RawHttp.get(edge.resolve("/download/object"));
                assertArrayEquals(OBJECT.bytes(), whole.body());
                origin.refuseConnections();
                assertArrayEquals(
                        OBJECT.bytes(),
                        RawHttp.get(edge.resolve("/download/object")).body());
                assertRestrictions(image);
                String readiness = RawHttp.get(edge.resolve("/q/health/ready")).text();
                assertTrue(readiness.contains("\"ssd\": \"used\""), readiness);
            } finally {
                image.run("podman", "kube", "down", manifest.toString());
            }
        } finally {
            image.delete();
        }
    }

    private static void assertRestrictions(FunctionsImage image) throws IOException, InterruptedException {
        String told = image.run(
                "podman",
                "inspect",
                "--format",
                "{{.HostConfig.ReadonlyRootfs}} {{.Config.User}} {{.EffectiveCaps}} {{.HostConfig.SecurityOpt}}",
                POD + "-functions");
        assertTrue(told.startsWith("true 1001"), told);
        assertTrue(told.contains("[]") && told.contains("no-new-privileges"), told);
    }

    /** What Knative would make of the service, without what podman lacks: probes from outside, secrets, the settings of S3. */
    private static Pod pod(int port) throws IOException, InterruptedException {
        Service service = Rendered.of("base").one(Service.class, "edge-download-download");
        RevisionSpec spec = service.getSpec().getTemplate().getSpec();
        Container container = spec.getContainers().getFirst();
        container.setImage(FunctionsImage.NAME);
        container.setEnvFrom(List.of());
        container.setPorts(List.of());
        container.setStartupProbe(null);
        container.setReadinessProbe(null);
        container.setLivenessProbe(null);
        for (Map.Entry<String, String> each : settings(port).entrySet()) {
            container.getEnv().removeIf(variable -> variable.getName().equals(each.getKey()));
            container.getEnv().add(new EnvVar(each.getKey(), each.getValue(), null));
        }
        return new PodBuilder()
                .withMetadata(new ObjectMetaBuilder().withName(POD).build())
                .withNewSpec()
                .withHostNetwork(true)
                .withSecurityContext(spec.getSecurityContext())
                .withContainers(container)
                .withVolumes(spec.getVolumes())
                .endSpec()
                .build();
    }

    private static Map<String, String> settings(int port) {
        return Map.of(
                "QUARKUS_HTTP_PORT", String.valueOf(port),
                "EDGE_FUNCTIONS", "download,publish",
                "EDGE_ACCESS", "open",
                "EDGE_ADMIN_TOKEN", TOKEN,
                "EDGE_SOURCES_ALLOW", "127.0.0.0/8",
                "EDGE_CACHE_MEMORY_MAX_SIZE", "0",
                "EDGE_CACHE_SSD_MIN_FREE", "0",
                "EDGE_CATALOG_DIRECTORY", "/cache/catalog");
    }

    private static void awaitReady(URI edge, FunctionsImage image) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        while (!isReady(edge)) {
            if (System.nanoTime() - startNanos > PATIENCE.toNanos()) {
                throw new AssertionError("not ready: " + image.run("podman", "logs", POD + "-functions"));
            }
        }
    }

    private static boolean isReady(URI edge) {
        try {
            return RawHttp.get(edge.resolve("/q/health/ready")).status() == 200;
        } catch (IOException e) {
            return false;
        }
    }
}
