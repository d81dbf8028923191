package io.pgmosaic.operator.desired;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.fabric8.kubernetes.api.model.VolumeProjectionBuilder;

import java.util.List;

/** The pod of an instance. It has no Kubernetes credentials and passes the restricted pod security standard. */
final class InstancePod {
    private static final String VOLUME_PATH = "/var/lib/pgmosaic";
    private static final String RUN_PATH = "/run/pgmosaic";
    private static final String TLS_PATH = "/etc/pgmosaic/tls";
    private static final String CREDENTIALS_PATH = "/etc/pgmosaic/credentials";

    /** Owner may read, and the group that {@code fsGroup} gives the process; PostgreSQL accepts such a key file. */
    private static final int KEY_FILE_MODE = 0440;

    /** The uid of the user postgres in the image. */
    private static final long POSTGRES_UID = 26;

    /** Time for PostgreSQL to write its last checkpoint. */
    private static final long GRACE_SECONDS = 120;

    private InstancePod() {}

    static PodTemplateSpec of(ClusterIntent intent, String shard) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(Labels.ofShard(intent.name(), shard))
                .endMetadata()
                .withNewSpec()
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withTerminationGracePeriodSeconds(GRACE_SECONDS)
                .withNewSecurityContext()
                .withRunAsNonRoot(true)
                .withRunAsUser(POSTGRES_UID)
                .withRunAsGroup(POSTGRES_UID)
                .withFsGroup(POSTGRES_UID)
                .withFsGroupChangePolicy("OnRootMismatch")
                .withNewSeccompProfile()
                .withType("RuntimeDefault")
                .endSeccompProfile()
                .endSecurityContext()
                .withNodeSelector(intent.spec().scheduling().nodeSelector())
                .withTolerations(intent.spec().scheduling().tolerations())
                .withAffinity(Placement.affinity(intent, shard))
                .withTopologySpreadConstraints(Placement.spread(intent, shard))
                .withContainers(container(intent, shard))
                .withVolumes(volumes(intent, shard))
                .endSpec()
                .build();
    }

    private static Container container(ClusterIntent intent, String shard) {
        return new ContainerBuilder()
                .withName("postgres")
                .withImage(intent.image())
                .withImagePullPolicy("IfNotPresent")
                .withCommand("pgmosaic-instance-manager")
                .withEnv(environment(intent, shard))
                .withPorts(
                        port("postgres", Ports.POSTGRES), port("manager", Ports.MANAGER), port("health", Ports.HEALTH))
                .withResources(intent.spec().resources())
                .withStartupProbe(probe("/livez", 1, 60))
                .withLivenessProbe(probe("/livez", 10, 6))
                .withReadinessProbe(probe("/readyz", 2, 3))
                .withNewSecurityContext()
                .withAllowPrivilegeEscalation(false)
                .withReadOnlyRootFilesystem(true)
                .withNewCapabilities()
                .withDrop("ALL")
                .endCapabilities()
                .endSecurityContext()
                .withVolumeMounts(
                        mount(ClusterNames.DATA_VOLUME, VOLUME_PATH, false),
                        mount("run", RUN_PATH, false),
                        mount("tmp", "/tmp", false),
                        mount("tls", TLS_PATH, true),
                        mount("credentials", CREDENTIALS_PATH, true))
                .build();
    }

    private static io.fabric8.kubernetes.api.model.VolumeMount mount(String volume, String path, boolean readOnly) {
        return new VolumeMountBuilder()
                .withName(volume)
                .withMountPath(path)
                .withReadOnly(readOnly ? Boolean.TRUE : null)
                .build();
    }

    private static List<EnvVar> environment(ClusterIntent intent, String shard) {
        return List.of(
                literal("PGMOSAIC_NAMESPACE", intent.namespace()),
                literal("PGMOSAIC_CLUSTER", intent.name()),
                literal("PGMOSAIC_CLUSTER_UID", intent.uid()),
                literal("PGMOSAIC_SHARD", shard),
                field("PGMOSAIC_INSTANCE", "metadata.name"),
                field("PGMOSAIC_ADDRESS", "status.podIP"),
                literal("PGMOSAIC_VOLUME", VOLUME_PATH),
                literal("PGMOSAIC_RUN_DIR", RUN_PATH),
                literal("PGMOSAIC_TLS_DIR", TLS_PATH),
                literal("PGMOSAIC_CREDENTIALS_DIR", CREDENTIALS_PATH),
                literal("PGMOSAIC_POSTGRES_PORT", Integer.toString(Ports.POSTGRES)),
                literal("PGMOSAIC_MANAGER_PORT", Integer.toString(Ports.MANAGER)),
                literal("PGMOSAIC_HEALTH_PORT", Integer.toString(Ports.HEALTH)));
    }

    private static EnvVar literal(String name, String value) {
        return new EnvVarBuilder().withName(name).withValue(value).build();
    }

    private static EnvVar field(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    private static ContainerPort port(String name, int number) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(number)
                .withProtocol("TCP")
                .build();
    }

    private static Probe probe(String path, int periodSeconds, int failures) {
        return new ProbeBuilder()
                .withNewHttpGet()
                .withPath(path)
                .withNewPort("health")
                .endHttpGet()
                .withPeriodSeconds(periodSeconds)
                .withTimeoutSeconds(2)
                .withFailureThreshold(failures)
                .build();
    }

    private static List<Volume> volumes(ClusterIntent intent, String shard) {
        return List.of(
                emptyDir("run"),
                emptyDir("tmp"),
                new VolumeBuilder()
                        .withName("tls")
                        .withNewSecret()
                        .withSecretName(ClusterNames.shardCertificate(intent.name(), shard))
                        .withDefaultMode(KEY_FILE_MODE)
                        .endSecret()
                        .build(),
                new VolumeBuilder()
                        .withName("credentials")
                        .withNewProjected()
                        .withDefaultMode(KEY_FILE_MODE)
                        .withSources(credentialSources(intent))
                        .endProjected()
                        .build());
    }

    private static Volume emptyDir(String name) {
        return new VolumeBuilder()
                .withName(name)
                .withNewEmptyDir()
                .endEmptyDir()
                .build();
    }

    private static List<VolumeProjection> credentialSources(ClusterIntent intent) {
        String own = ClusterNames.credentials(intent.name());
        SecretKey superuser = SecretKey.superuser(intent.name(), intent.spec().credentials());
        return List.of(
                projection(superuser.secret(), List.of(item(superuser.key(), CredentialKeys.SUPERUSER))),
                projection(
                        own,
                        List.of(
                                item(CredentialKeys.MANAGER, CredentialKeys.MANAGER),
                                item(CredentialKeys.REPLICATION, CredentialKeys.REPLICATION))));
    }

    private static VolumeProjection projection(String secret, List<KeyToPath> items) {
        return new VolumeProjectionBuilder()
                .withNewSecret()
                .withName(secret)
                .withItems(items)
                .endSecret()
                .build();
    }

    private static KeyToPath item(String key, String path) {
        return new KeyToPath(key, null, path);
    }
}
