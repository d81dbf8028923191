package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.pgmosaic.local.platform.Account;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

final class VolumesTest {
    private static final int MEGABYTE = 1 << 20;

    @TempDir
    Path dir;

    @Test
    void aLimitedVolumeIsFullAtItsSizeAndGoneWhenItIsRemoved() throws IOException {
        assumeTrue(Volumes.canLimit(), "only root can give a volume a size");
        Path folder = dir.resolve("volume");
        try (Volumes volumes = Volumes.limited()) {
            volumes.make(folder, MEGABYTE);
            Files.write(folder.resolve("half"), new byte[MEGABYTE / 2]);
            volumes.make(folder, MEGABYTE);
            assertThat(folder.resolve("half")).hasSize(MEGABYTE / 2);
            assertThatThrownBy(() -> Files.write(folder.resolve("too much"), new byte[MEGABYTE]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("No space left");

            volumes.remove(folder);
            assertThat(folder).doesNotExist();
        }
    }

    @Test
    void whatIsInALimitedVolumeIsGoneAtTheEnd() throws IOException {
        assumeTrue(Volumes.canLimit(), "only root can give a volume a size");
        Path folder = dir.resolve("volume");
        try (Volumes volumes = Volumes.limited()) {
            volumes.make(folder, MEGABYTE);
            Files.writeString(folder.resolve("file"), "x");
        }
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFolderStaysUntilItIsRemoved() throws IOException {
        Path folder = dir.resolve("volume");
        try (Volumes volumes = Volumes.folders()) {
            volumes.make(folder, 1);
            Files.writeString(folder.resolve("file"), "more than one byte");
        }
        assertThat(folder.resolve("file")).exists();
        try (Volumes volumes = Volumes.folders()) {
            volumes.remove(folder);
        }
        assertThat(folder).doesNotExist();
    }

    /** The claim's deletion and the end of its pod are told by two threads. */
    @Test
    void aVolumeIsRemovedByOneOfThoseWhoFindThatNobodyUsesIt() throws Exception {
        AtomicInteger removals = new AtomicInteger();
        CountDownLatch removing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Volumes slow = new Volumes() {
            @Override
            public void make(Path folder, long bytes) {}

            @Override
            public void remove(Path folder) {
                removals.incrementAndGet();
                removing.countDown();
                awaitOrFail(goOn);
            }

            @Override
            public void close() {}
        };
        PersistentVolumeClaim claim = new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("data-web-0")
                .withUid("0e2efe45-0000-0000-0000-000000000000")
                .endMetadata()
                .build();
        try (KubernetesClient unused = new KubernetesClientBuilder().build()) {
            VolumeClaims claims = new VolumeClaims(dir, Account.self(), unused, slow);
            Thread deletion = Thread.startVirtualThread(() -> claims.onDelete(claim, false));
            awaitOrFail(removing);
            Thread end = Thread.startVirtualThread(claims::removeUnused);
            assertThat(end.join(Duration.ofSeconds(5)))
                    .as("the second neither removes nor waits")
                    .isTrue();
            goOn.countDown();
            assertThat(deletion.join(Duration.ofSeconds(10))).isTrue();
        }
        assertThat(removals).hasValue(1);
    }

    private static void awaitOrFail(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
