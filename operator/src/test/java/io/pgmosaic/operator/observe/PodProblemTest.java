package io.pgmosaic.operator.observe;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

class PodProblemTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            quoteCharacter = '`',
            value = {
                "{}                                                                     | -",
                "{phase: Pending}                                                       | -",
                "{conditions: [{type: PodScheduled, status: 'True'}]}                   | -",
                "{conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: 0/3 nodes}]}"
                        + " | no node takes its pod: 0/3 nodes; correct spec.scheduling or spec.resources, or add a node",
                "{conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: 0/3 nodes,"
                        + " lastTransitionTime: '2026-01-01T11:59:55Z'}]} | -",
                "{conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable, message: 0/3 nodes,"
                        + " lastTransitionTime: '2026-01-01T11:59:45Z'}]}"
                        + " | no node takes its pod: 0/3 nodes; correct spec.scheduling or spec.resources, or add a node",
                "{conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable,"
                        + " message: pod has unbound immediate PersistentVolumeClaims,"
                        + " lastTransitionTime: '2026-01-01T11:59:45Z'}]} | -",
                "{conditions: [{type: PodScheduled, status: 'False', reason: Unschedulable,"
                        + " message: pod has unbound immediate PersistentVolumeClaims,"
                        + " lastTransitionTime: '2026-01-01T11:59:35Z'}]}"
                        + " | no node takes its pod: pod has unbound immediate PersistentVolumeClaims",
                "{containerStatuses: [{state: {running: {}}}]}                          | -",
                "{containerStatuses: [{state: {running: {}}, restartCount: 3, lastState: {terminated: {exitCode: 1}}}]} | -",
                "{containerStatuses: [{state: {waiting: {}}}]}                          | -",
                "{containerStatuses: [{state: {waiting: {reason: ContainerCreating}}}]} | -",
                "{containerStatuses: [{state: {waiting: {reason: PodInitializing}}}]}   | -",
                "{containerStatuses: [{state: {waiting: {reason: ImagePullBackOff, message: no such image}}}]}"
                        + " | its container cannot start: ImagePullBackOff (no such image)"
                        + "; correct spec.postgres.image or what pulls it, then delete the pod",
                "{containerStatuses: [{state: {waiting: {reason: CreateContainerConfigError}}}]}"
                        + " | its container cannot start: CreateContainerConfigError",
                "{containerStatuses: [{state: {waiting: {reason: CrashLoopBackOff}}, restartCount: 4,"
                        + " lastState: {terminated: {exitCode: 137}}}]}"
                        + " | its container cannot start: CrashLoopBackOff; it ended 4 times before, last with exit code 137",
            })
    void isReadFromThePodsStatus(String status, String problem) {
        Pod pod = new KubernetesSerialization().unmarshal("kind: Pod\napiVersion: v1\nstatus: " + status, Pod.class);
        assertThat(PodProblem.of(pod, Instant.parse("2026-01-01T12:00:00Z"))).isEqualTo(problem);
    }
}
