package io.pgmosaic.operator;

import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** Where the framework looks: an operator that has a Role in some namespaces is refused everywhere else. */
class WatchedNamespacesTest {
    @Test
    void areThoseOfTheSetting() throws IOException {
        assertThat(watched(Map.of("PGMOSAIC_WATCH_NAMESPACES", "shop,billing"))).containsExactly("shop", "billing");
    }

    @Test
    void areAllWithoutOne() throws IOException {
        assertThat(watched(Map.of())).containsExactly(Constants.WATCH_ALL_NAMESPACES);
    }

    private static List<String> watched(Map<String, String> environment) throws IOException {
        SmallRyeConfig settings = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withSources(
                        new EnvConfigSource(environment, 300),
                        new PropertiesConfigSource(Path.of("src/main/resources/application.properties")
                                .toUri()
                                .toURL()))
                .build();
        return settings.getValues("quarkus.operator-sdk.namespaces", String.class);
    }
}
