package io.edgedownload.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.knative.eventing.v1.Trigger;
import io.fabric8.knative.serving.v1.RevisionSpec;
import io.fabric8.knative.serving.v1.Service;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the overlays of infra/knative make of the functions. */
final class KnativeTest {
    private static final Set<String> PROBES = Set.of("/q/health/started", "/q/health/ready", "/q/health/live");

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/minimal", "overlays/cluster"})
    void everyFunctionIsExposedByOneService(String folder) throws Exception {
        List<String> exposed = new ArrayList<>();
        for (Service service : Rendered.of(folder).all(Service.class)) {
            exposed.addAll(List.of(value(service, "EDGE_FUNCTIONS").split(",", -1)));
        }
        assertEquals(
                List.of("download", "evict", "presign", "publish", "resolve", "warm"),
                exposed.stream().sorted().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/minimal", "overlays/cluster"})
    void onlySettingsThatThereAreAreSet(String folder) throws Exception {
        Rendered rendered = Rendered.of(folder);
        Set<String> unknown = new TreeSet<>();
        for (Service service : rendered.all(Service.class)) {
            container(service).getEnv().forEach(variable -> unknown.add(variable.getName()));
        }
        rendered.all(ConfigMap.class)
                .forEach(settings -> unknown.addAll(settings.getData().keySet()));
        for (Deployment deployment : rendered.all(Deployment.class)) {
            only(deployment.getSpec().getTemplate()).getEnv().forEach(variable -> unknown.add(variable.getName()));
        }
        unknown.removeAll(Project.environmentNames());
        unknown.removeIf(name -> name.startsWith("OTEL_"));
        assertEquals(Set.of(), unknown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/minimal", "overlays/cluster"})
    void noSecretIsInAManifest(String folder) throws Exception {
        Rendered rendered = Rendered.of(folder);
        for (ConfigMap settings : rendered.all(ConfigMap.class)) {
            assertFalse(settings.getData().keySet().stream().anyMatch(KnativeTest::isSecret), settings::toString);
        }
        for (Service service : rendered.all(Service.class)) {
            Container container = container(service);
            assertFalse(container.getEnv().stream().map(EnvVar::getName).anyMatch(KnativeTest::isSecret));
            assertEquals(
                    "edge-download",
                    container.getEnvFrom().getLast().getSecretRef().getName());
        }
    }

    private static boolean isSecret(String name) {
        return name.matches(".*(TOKEN|SECRET|PASSWORD|SIGNING_KEYS).*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/minimal", "overlays/cluster"})
    void settingsAreFoundUnderTheNameThatTheyWereGiven(String folder) throws Exception {
        Rendered rendered = Rendered.of(folder);
        for (Service service : rendered.all(Service.class)) {
            String named =
                    container(service).getEnvFrom().getFirst().getConfigMapRef().getName();
            assertEquals(
                    named,
                    rendered.all(ConfigMap.class).getFirst().getMetadata().getName());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/minimal", "overlays/cluster"})
    void nothingCanBeWrittenButTheCacheAndNobodyIsRoot(String folder) throws Exception {
        for (Service service : Rendered.of(folder).all(Service.class)) {
            RevisionSpec spec = spec(service);
            assertRestricted(spec.getSecurityContext(), container(service).getSecurityContext());
            assertEquals(false, spec.getAutomountServiceAccountToken());
            var volumes = spec.getVolumes();
            var mounts = container(service).getVolumeMounts();
            assertEquals(volumes.size(), mounts.size());
            if (!volumes.isEmpty()) {
                assertEquals("/cache", mounts.getFirst().getMountPath());
                assertEquals("/cache", value(service, "EDGE_CACHE_SSD_DIRECTORY"));
                Quantity limit = volumes.getFirst().getEmptyDir().getSizeLimit();
                assertTrue(
                        limit.getNumericalAmount()
                                        .compareTo(Quantity.parse(value(service, "EDGE_CACHE_SSD_MAX_SIZE") + "i")
                                                .getNumericalAmount())
                                > 0,
                        "the kubelet would evict the pod");
            }
        }
    }

    private static void assertRestricted(PodSecurityContext pod, SecurityContext container) {
        assertEquals(true, pod.getRunAsNonRoot());
        assertTrue(pod.getRunAsUser() > 0 && pod.getFsGroup() > 0, pod::toString);
        assertEquals("RuntimeDefault", pod.getSeccompProfile().getType());
        assertEquals(true, container.getReadOnlyRootFilesystem());
        assertEquals(false, container.getAllowPrivilegeEscalation());
        assertEquals(List.of("ALL"), container.getCapabilities().getDrop());
        assertEquals(List.of(), container.getCapabilities().getAdd());
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/minimal", "overlays/cluster"})
    void ourTimeEndsBeforeKnativesAndBoundsAreSet(String folder) throws Exception {
        Rendered rendered = Rendered.of(folder);
        String total = Objects.requireNonNull(
                rendered.all(ConfigMap.class).getFirst().getData().get("EDGE_DEADLINE_TOTAL"));
        for (Service service : rendered.all(Service.class)) {
            RevisionSpec spec = spec(service);
            assertTrue(Long.parseLong(total.replace("s", "")) < spec.getTimeoutSeconds());
            assertTrue(spec.getResponseStartTimeoutSeconds() <= spec.getTimeoutSeconds());
            assertTrue(spec.getContainerConcurrency() > 0);
            Map<String, String> annotations =
                    service.getSpec().getTemplate().getMetadata().getAnnotations();
            int most = Integer.parseInt(annotations.get("autoscaling.knative.dev/max-scale"));
            assertTrue(most > 0 && Integer.parseInt(annotations.get("autoscaling.knative.dev/min-scale")) <= most);
            assertTrue(container(service).getResources().getLimits().containsKey("memory"));
            assertTrue(container(service).getResources().getRequests().keySet().containsAll(Set.of("cpu", "memory")));
        }
    }

    @Test
    void probesAskWhatThereIsToAsk() throws Exception {
        Rendered rendered = Rendered.of("overlays/cluster");
        for (Service service : rendered.all(Service.class)) {
            assertEquals(PROBES, probed(container(service)));
        }
        assertEquals(
                PROBES,
                probed(only(
                        rendered.one(Deployment.class, "coordinator").getSpec().getTemplate())));
    }

    private static Set<String> probed(Container container) {
        Set<String> paths = new HashSet<>();
        for (Probe probe :
                List.of(container.getStartupProbe(), container.getReadinessProbe(), container.getLivenessProbe())) {
            paths.add(probe.getHttpGet().getPath());
        }
        return paths;
    }

    @ParameterizedTest
    @ValueSource(strings = {"base", "overlays/minimal", "overlays/cluster"})
    void namesOfTheClusterAndOthersAreFoundWithFewQuestions(String folder) throws Exception {
        for (Service service : Rendered.of(folder).all(Service.class)) {
            assertEquals("ClusterFirst", spec(service).getDnsPolicy());
            assertEquals(
                    List.of("ndots=2", "timeout=1", "attempts=2"),
                    spec(service).getDnsConfig().getOptions().stream()
                            .map(option -> option.getName() + "=" + option.getValue())
                            .toList());
        }
    }

    @Test
    void eventsReachTheServiceThatWarmsAndNothingElse() throws Exception {
        Rendered rendered = Rendered.of("overlays/cluster");
        for (String function : List.of("warm", "evict")) {
            Trigger trigger = rendered.one(Trigger.class, "edge-download-" + function);
            assertEquals(
                    Map.of("type", "edge." + function),
                    trigger.getSpec().getFilter().getAttributes());
            var subscriber = trigger.getSpec().getSubscriber();
            assertEquals("/" + function, subscriber.getUri());
            Service service = rendered.one(Service.class, subscriber.getRef().getName());
            assertTrue(List.of(value(service, "EDGE_FUNCTIONS").split(",", -1)).contains(function));
            assertEquals("network", value(service, "EDGE_ADMIN_EVENTS"));
            assertEquals("cluster-local", service.getMetadata().getLabels().get("networking.knative.dev/visibility"));
        }
        for (Service service : Rendered.of("overlays/minimal").all(Service.class)) {
            assertFalse(container(service).getEnv().stream()
                    .anyMatch(each -> each.getName().equals("EDGE_ADMIN_EVENTS")));
        }
    }

    @Test
    void whatTheFleetLeansOnOutlivesOneNodeAndLetsNobodyElseIn() throws Exception {
        Rendered rendered = Rendered.of("overlays/cluster");
        List<PodTemplateSpec> templates = new ArrayList<>();
        rendered.all(StatefulSet.class)
                .forEach(each -> templates.add(each.getSpec().getTemplate()));
        rendered.all(Deployment.class)
                .forEach(each -> templates.add(each.getSpec().getTemplate()));
        assertEquals(3, templates.size());
        for (PodTemplateSpec template : templates) {
            Map<String, String> labels = template.getMetadata().getLabels();
            assertRestricted(
                    template.getSpec().getSecurityContext(), only(template).getSecurityContext());
            assertTrue(rendered.all(PodDisruptionBudget.class).stream()
                    .anyMatch(budget -> labels.entrySet()
                            .containsAll(budget.getSpec()
                                    .getSelector()
                                    .getMatchLabels()
                                    .entrySet())));
            assertTrue(rendered.all(NetworkPolicy.class).stream()
                    .anyMatch(policy ->
                            !policy.getSpec().getPodSelector().getMatchLabels().isEmpty()
                                    && labels.entrySet()
                                            .containsAll(policy.getSpec()
                                                    .getPodSelector()
                                                    .getMatchLabels()
                                                    .entrySet())));
        }
        NetworkPolicy others = rendered.one(NetworkPolicy.class, "nobody-else");
        assertTrue(others.getSpec().getIngress().isEmpty());
        assertTrue(others.getSpec().getPodSelector().getMatchLabels().isEmpty());
        assertTrue(rendered.resources().stream()
                .filter(each -> !each.getKind().equals("Namespace"))
                .allMatch(each -> "edge-download".equals(each.getMetadata().getNamespace())));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "apiVersion: serving.knative.dev/v1\nkind: Service\nspec:\n  template:\n    spec:\n      timeoutSecond: 1",
                "apiVersion: v1\nkind: ConfigMap\ndate: {}",
                "apiVersion: eventing.knative.dev/v1\nkind: Trigger\nspec: {subscriber: {reference: {}}}",
                "apiVersion: v1\nkind: Nothing"
            })
    void aMisspeltFieldWouldBeSeen(String yaml) {
        assertThrows(IOException.class, () -> Rendered.parse(yaml));
    }

    private static RevisionSpec spec(Service service) {
        return service.getSpec().getTemplate().getSpec();
    }

    private static Container container(Service service) {
        assertEquals(1, spec(service).getContainers().size());
        return spec(service).getContainers().getFirst();
    }

    private static Container only(PodTemplateSpec template) {
        assertEquals(1, template.getSpec().getContainers().size());
        return template.getSpec().getContainers().getFirst();
    }

    private static String value(Service service, String name) {
        return container(service).getEnv().stream()
                .filter(each -> each.getName().equals(name))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError(name + " is not set"));
    }
}
