package io.pgmosaic.local.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/** A test that has an API of its own, with nothing in it. */
abstract class OnEmbeddedApi {
    static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path dir;

    EmbeddedApi api;
    KubernetesClient client;

    @BeforeEach
    void start() {
        api = EmbeddedApi.start("127.0.0.1", 0, dir);
        client = api.client();
    }

    @AfterEach
    void stop() {
        api.close();
    }

    /** Server-side apply as a field manager that takes what it gives. */
    <T extends HasMetadata> T apply(T object) {
        return apply(object, applyingAs("one", true));
    }

    <T extends HasMetadata> T apply(T object, PatchContext context) {
        return client.resource(object).patch(context);
    }

    static PatchContext applyingAs(String fieldManager, boolean force) {
        return new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager(fieldManager)
                .withForce(force)
                .build();
    }
}
