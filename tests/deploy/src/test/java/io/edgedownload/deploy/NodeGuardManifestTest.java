package io.edgedownload.deploy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What {@code kubectl apply -k infra/ebpf/kubernetes} would apply. */
class NodeGuardManifestTest {
    private static final String FOLDER = "infra/ebpf/kubernetes";

    @Test
    void itMayDoNoMoreThanItNeeds() throws Exception {
        PodSpec pod = pod();
        SecurityContext container = only(pod).getSecurityContext();
        assertEquals(
                Set.of("BPF", "NET_ADMIN", "PERFMON"),
                Set.copyOf(container.getCapabilities().getAdd()));
        assertEquals(List.of("ALL"), container.getCapabilities().getDrop());
        assertEquals(true, container.getReadOnlyRootFilesystem());
        assertEquals(false, container.getAllowPrivilegeEscalation());
        assertTrue(container.getPrivileged() == null || !container.getPrivileged());
        assertEquals(
                "RuntimeDefault", pod.getSecurityContext().getSeccompProfile().getType());
        assertEquals(false, pod.getAutomountServiceAccountToken());
        assertTrue(pod.getHostNetwork() == null && pod.getHostPID() == null && pod.getHostIPC() == null);
    }

    @Test
    void ofTheHostItSeesControlGroupsAloneAndCannotWriteThem() throws Exception {
        PodSpec pod = pod();
        List<Volume> ofHost = pod.getVolumes().stream()
                .filter(volume -> volume.getHostPath() != null)
                .toList();
        assertEquals(
                List.of("/sys/fs/cgroup"),
                ofHost.stream().map(volume -> volume.getHostPath().getPath()).toList());
        VolumeMount mount = only(pod).getVolumeMounts().stream()
                .filter(each -> each.getName().equals(ofHost.getFirst().getName()))
                .findFirst()
                .orElseThrow();
        assertEquals(true, mount.getReadOnly());
        assertTrue(value(only(pod), "GUARD_CGROUP").startsWith(mount.getMountPath() + "/"));
    }

    @Test
    void itRunsOnlyWhereNodesAreLabelled() throws Exception {
        assertEquals("true", pod().getNodeSelector().get("edge-download/guard"));
    }

    @Test
    void eachSettingIsOneOfTheGuards() throws Exception {
        Set<String> known = Project.environmentNames();
        List<String> unknown = only(pod()).getEnv().stream()
                .map(EnvVar::getName)
                .filter(name -> !known.contains(name))
                .toList();
        assertEquals(List.of(), unknown);
        assertFalse(
                only(pod()).getEnv().stream().anyMatch(each -> each.getName().contains("TOKEN")));
    }

    @Test
    void theCoordinatorsLetItIn() throws Exception {
        DaemonSet guard = Rendered.ofProject(FOLDER).one(DaemonSet.class, "node-guard");
        NetworkPolicy coordinator = Rendered.of("overlays/cluster").one(NetworkPolicy.class, "coordinator");
        Map<String, String> labels = guard.getSpec().getTemplate().getMetadata().getLabels();
        assertTrue(coordinator.getSpec().getIngress().getFirst().getFrom().stream()
                .filter(peer -> peer.getNamespaceSelector() != null && peer.getPodSelector() != null)
                .anyMatch(peer -> Objects.equals(
                                peer.getNamespaceSelector().getMatchLabels().get("kubernetes.io/metadata.name"),
                                guard.getMetadata().getNamespace())
                        && labels.entrySet()
                                .containsAll(
                                        peer.getPodSelector().getMatchLabels().entrySet())));
    }

    private static PodSpec pod() throws Exception {
        return Rendered.ofProject(FOLDER)
                .one(DaemonSet.class, "node-guard")
                .getSpec()
                .getTemplate()
                .getSpec();
    }

    private static Container only(PodSpec pod) {
        assertEquals(1, pod.getContainers().size());
        return pod.getContainers().getFirst();
    }

    private static String value(Container container, String name) {
        return container.getEnv().stream()
                .filter(each -> each.getName().equals(name))
                .map(EnvVar::getValue)
                .findFirst()
                .orElseThrow();
    }
}
