package io.pgmosaic.local.cluster;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.pgmosaic.client.connection.DatabaseServer;

import javax.sql.DataSource;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;

import static org.awaitility.Awaitility.await;

/** What an application of a cluster has: a router beside it, its user's Secret, and pools of connections. */
final class ApplicationPools {
    private final LocalCluster local;
    private final String cluster;
    private final Path authority;
    private final URI router;

    private ApplicationPools(LocalCluster local, String cluster, Path authority, URI router) {
        this.local = local;
        this.cluster = cluster;
        this.authority = authority;
        this.router = router;
    }

    /**
     * Starts a router, and waits until it has an address.
     *
     * @param folder for the certificate of the cluster's authority
     */
    static ApplicationPools of(LocalCluster local, String cluster, Path folder, Duration limit) throws IOException {
        Pod pod = local.startRouter(TestCluster.NAMESPACE, cluster);
        URI router = await().atMost(limit).until(() -> local.routerAddress(pod).orElse(null), Objects::nonNull);
        ApplicationPools pools = new ApplicationPools(local, cluster, folder.resolve("ca.crt"), router);
        Files.writeString(pools.authority, pools.secret("router", "postgres-ca.crt"));
        return pools;
    }

    URI router() {
        return router;
    }

    Path authority() {
        return authority;
    }

    String user() {
        return secret("app", "username");
    }

    String password() {
        return secret("app", "password");
    }

    DataSource pool(DatabaseServer server) {
        HikariConfig config = new HikariConfig();
        config.setPoolName(server.instance());
        config.setJdbcUrl("jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.database());
        config.setUsername(user());
        config.setPassword(password());
        // By their addresses, which are in no certificate.
        config.addDataSourceProperty("sslmode", "verify-ca");
        config.addDataSourceProperty("sslrootcert", authority.toString());
        config.addDataSourceProperty("connectTimeout", "2");
        config.addDataSourceProperty("socketTimeout", "5");
        config.setMaximumPoolSize(8);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    private String secret(String name, String key) {
        String value = local.client()
                .secrets()
                .inNamespace(TestCluster.NAMESPACE)
                .withName(cluster + "-" + name)
                .require()
                .getData()
                .get(key);
        return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
    }
}
