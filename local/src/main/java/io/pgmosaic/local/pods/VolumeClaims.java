package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.pgmosaic.local.platform.Account;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A folder for each PersistentVolumeClaim, made when the claim is, and removed when the claim is gone and no pod uses it
 * any more. A new claim of the same name gets a new folder.
 */
final class VolumeClaims implements ResourceEventHandler<PersistentVolumeClaim> {
    private static final Logger LOG = LoggerFactory.getLogger(VolumeClaims.class);

    private final Path root;
    private final Account account;
    private final KubernetesClient client;
    private final Volumes volumes;
    private final Map<String, PersistentVolumeClaim> released = new ConcurrentHashMap<>();
    private volatile Predicate<PersistentVolumeClaim> inUse = claim -> false;

    VolumeClaims(Path root, Account account, KubernetesClient client, Volumes volumes) {
        this.root = root;
        this.account = account;
        this.client = client;
        this.volumes = volumes;
    }

    void askWhetherInUse(Predicate<PersistentVolumeClaim> question) {
        inUse = question;
    }

    Path folder(PersistentVolumeClaim claim) {
        var metadata = claim.getMetadata();
        return root.resolve(metadata.getNamespace())
                .resolve(metadata.getName() + "-" + metadata.getUid().substring(0, 8));
    }

    @Override
    public void onAdd(PersistentVolumeClaim claim) {
        Path folder = folder(claim);
        try {
            volumes.make(folder, size(claim));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a volume", e);
        }
        account.own(folder);
        try {
            client.resource(claim).editStatus(latest -> {
                latest.setStatus(new io.fabric8.kubernetes.api.model.PersistentVolumeClaimStatusBuilder()
                        .withPhase("Bound")
                        .withAccessModes(latest.getSpec().getAccessModes())
                        .withCapacity(
                                latest.getSpec().getResources() == null
                                        ? Map.of()
                                        : latest.getSpec().getResources().getRequests())
                        .build());
                return latest;
            });
        } catch (KubernetesClientException e) {
            LOG.warn("claim {} is not shown as bound: {}", claim.getMetadata().getName(), e.getMessage());
        }
    }

    private static long size(PersistentVolumeClaim claim) {
        return Optional.ofNullable(claim.getSpec().getResources())
                .map(resources -> resources.getRequests())
                .map(requests -> requests.get("storage"))
                .map(storage -> storage.getNumericalAmount().longValue())
                .orElse(0L);
    }

    @Override
    public void onUpdate(PersistentVolumeClaim before, PersistentVolumeClaim after) {
        // a volume keeps the size that it was made with
    }

    @Override
    public void onDelete(PersistentVolumeClaim claim, boolean stateUnknown) {
        released.put(claim.getMetadata().getUid(), claim);
        removeUnused();
    }

    /** Removes the folders of deleted claims that no pod uses; called again when a pod has ended. */
    void removeUnused() {
        released.forEach((uid, claim) -> {
            // One of those who find it at the same time removes it.
            if (!inUse.test(claim) && released.remove(uid, claim)) {
                try {
                    volumes.remove(folder(claim));
                } catch (IOException | UncheckedIOException e) {
                    LOG.warn(
                            "the data of claim {} stays: {}",
                            claim.getMetadata().getName(),
                            e.toString());
                }
            }
        });
    }
}
