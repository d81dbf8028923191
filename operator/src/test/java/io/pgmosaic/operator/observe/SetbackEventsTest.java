package io.pgmosaic.operator.observe;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.pgmosaic.operator.observe.SetbackEvents.Stage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** With the texts that the controllers of Kubernetes 1.34 write. */
class SetbackEventsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant SINCE = NOW.minusSeconds(60);

    private static final String REFUSED = "create Pod orders-s0-0 in StatefulSet orders-s0 failed error: pods"
            + " \"orders-s0-0\" is forbidden: exceeded quota: small, requested: memory=1Gi, used: memory=0, limited:"
            + " memory=100Mi";

    @Test
    void aPodThatAQuotaRefuses() {
        assertThat(problem(Stage.TO_BE_MADE, warning("FailedCreate", REFUSED, 5)))
                .startsWith("its pod is refused: pods \"orders-s0-0\" is forbidden: exceeded quota: small, requested")
                .endsWith("raise the quota or change the policy that refuses it, or lower spec.resources");
    }

    @Test
    void aClaimThatAQuotaRefuses() {
        String text = "create Claim data-orders-s0-0 for Pod orders-s0-0 in StatefulSet orders-s0 failed error:"
                + " persistentvolumeclaims \"data-orders-s0-0\" is forbidden: exceeded quota: small";
        assertThat(problem(Stage.TO_BE_MADE, warning("FailedCreate", text, 5)))
                .startsWith("its pod is refused: persistentvolumeclaims \"data-orders-s0-0\" is forbidden");
    }

    @Test
    void isOverOnceThePodWasMade() {
        String made = "create Pod orders-s0-0 in StatefulSet orders-s0 successful";
        assertThat(problem(
                        Stage.TO_BE_MADE,
                        warning("FailedCreate", REFUSED, 30),
                        event("Normal", "SuccessfulCreate", made, 20)))
                .isNull();
        assertThat(problem(
                        Stage.TO_BE_MADE,
                        warning("FailedCreate", REFUSED, 20),
                        event("Normal", "SuccessfulCreate", made, 30)))
                .isNotNull();
    }

    /** So it was seen: the claim is made, then the pod is refused, in the same second. */
    @Test
    void aClaimThatWasMadeIsNoPod() {
        String claim = "create Claim data-orders-s0-0 Pod orders-s0-0 in StatefulSet orders-s0 success";
        assertThat(problem(
                        Stage.TO_BE_MADE,
                        event("Normal", "SuccessfulCreate", claim, 5),
                        warning("FailedCreate", REFUSED, 20)))
                .startsWith("its pod is refused");
    }

    @Test
    void ofOtherTroubleThatAStatefulSetHasNothingIsTold() {
        assertThat(problem(Stage.TO_BE_MADE, warning("FailedDelete", "delete Pod orders-s0-0 failed error: x", 5)))
                .isNull();
    }

    @Test
    void isNotThatOfAnEarlierClusterOfTheSameName() {
        assertThat(problem(Stage.TO_BE_MADE, warning("FailedCreate", REFUSED, 90)))
                .isNull();
    }

    @Test
    void aClaimWhoseStorageClassDoesNotExist() {
        assertThat(problem(
                        Stage.TO_BE_SCHEDULED,
                        warning("ProvisioningFailed", "storageclass.storage.k8s.io \"fast\" not found", 5),
                        event("Normal", "ExternalProvisioning", "Waiting for a volume to be created", 1)))
                .isEqualTo("its volume cannot be made: storageclass.storage.k8s.io \"fast\" not found; create the"
                        + " StorageClass that spec.storage.storageClassName names, or correct what provisions it");
    }

    @Test
    void aSecretThatLacksAKey() {
        String text = "MountVolume.SetUp failed for volume \"credentials\" : references non-existent secret key:"
                + " manager-password";
        assertThat(problem(Stage.TO_BE_STARTED, warning("FailedMount", text, 5)))
                .isEqualTo("its pod cannot be started: FailedMount (" + text + ")");
        assertThat(problem(
                        Stage.TO_BE_STARTED,
                        warning("FailedMount", text, 5),
                        event("Normal", "Pulling", "Pulling image \"postgres\"", 2)))
                .as("the mount succeeded later")
                .isNull();
        assertThat(SetbackEvents.problem(
                        Stage.TO_BE_STARTED, "another", List.of(warning("FailedMount", text, 5)), SINCE))
                .as("an earlier pod of the name")
                .isNull();
    }

    @Test
    void thatNoNodeTookItOnceIsOver() {
        assertThat(problem(Stage.TO_BE_STARTED, warning("FailedScheduling", "0/1 nodes are available", 5)))
                .isNull();
    }

    @Test
    void anEventThatWasCountedIsAsOldAsItsLastTime() {
        Event counted = new EventBuilder(warning("FailedCreate", REFUSED, 5))
                .withFirstTimestamp(NOW.minusSeconds(3_600).toString())
                .build();
        assertThat(problem(Stage.TO_BE_MADE, counted)).isNotNull();
    }

    @Test
    void whichEventsTellDependsOnHowFarThePodIs() {
        assertThat(SetbackEvents.stage(null, NOW)).contains(Stage.TO_BE_MADE);
        assertThat(SetbackEvents.stage(pod("Pending", null, 20), NOW)).contains(Stage.TO_BE_SCHEDULED);
        assertThat(SetbackEvents.stage(pod("Pending", "node-1", 20), NOW)).contains(Stage.TO_BE_STARTED);
        assertThat(SetbackEvents.stage(pod("Pending", "node-1", 5), NOW)).isEmpty();
        assertThat(SetbackEvents.stage(pod("Running", "node-1", 20), NOW)).isEmpty();
    }

    private static @Nullable String problem(Stage stage, Event... events) {
        return SetbackEvents.problem(stage, "uid-of-the-pod", List.of(events), SINCE);
    }

    private static Event warning(String reason, String message, int secondsAgo) {
        return event("Warning", reason, message, secondsAgo);
    }

    private static Event event(String type, String reason, String message, int secondsAgo) {
        return new EventBuilder()
                .withNewMetadata()
                .endMetadata()
                .withNewInvolvedObject()
                .withUid("uid-of-the-pod")
                .endInvolvedObject()
                .withType(type)
                .withReason(reason)
                .withMessage(message)
                .withLastTimestamp(NOW.minusSeconds(secondsAgo).toString())
                .build();
    }

    private static Pod pod(String phase, @Nullable String node, int secondsAgo) {
        return new PodBuilder()
                .withNewMetadata()
                .withCreationTimestamp(NOW.minusSeconds(secondsAgo).toString())
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .endSpec()
                .withNewStatus()
                .withPhase(phase)
                .endStatus()
                .build();
    }
}
