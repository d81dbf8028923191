package io.pgmosaic.client.connection;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pgmosaic.client.topology.ReplicaServer;
import io.pgmosaic.client.topology.Rules;
import io.pgmosaic.client.topology.ServerAddress;
import io.pgmosaic.client.topology.ShardServers;
import io.pgmosaic.client.topology.Topology;
import org.junit.jupiter.api.Test;

import javax.sql.DataSource;
import java.io.Closeable;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

/** How long connections to servers that are gone are kept. */
class ServersTest {
    private static final Rules RULES = Rules.of(new JsonMapper().valueToTree(Map.of("clusterUid", "u")));

    private final AtomicLong now = new AtomicLong();
    private final Set<String> open = new LinkedHashSet<>();
    private final Servers servers = new Servers(this::source, now::get);

    /** Of a shard with these servers. */
    private static Topology topology(String... instances) {
        List<ReplicaServer> replicas = Arrays.stream(instances)
                .map(instance -> new ReplicaServer(address(instance), 0L, null, false))
                .toList();
        return new Topology(RULES, "app", Map.of("s0", new ShardServers("s0", 1, null, replicas, null)));
    }

    private static ServerAddress address(String instance) {
        return new ServerAddress(instance, "10.0.0.1", 5432);
    }

    private interface CloseableSource extends DataSource, Closeable {}

    private DataSource source(DatabaseServer server) {
        open.add(server.instance());
        return (DataSource) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {CloseableSource.class}, (proxy, method, arguments) -> {
                    open.remove(server.instance());
                    return method.getReturnType() == void.class ? null : new IllegalStateException(method.getName());
                });
    }

    private void use(String instance) {
        Topology topology = topology(instance);
        servers.isAvoided(topology, topology.shard("s0"), address(instance));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void aServerThatWasThereForLongAndGoesIsKeptForAWhile() {
        use("a");
        pass(Duration.ofHours(1));
        servers.keep(topology("b"));
        assertThat(open).containsExactly("a");
        pass(Duration.ofSeconds(119));
        servers.keep(topology("b"));
        assertThat(open).containsExactly("a");
        pass(Duration.ofSeconds(2));
        servers.keep(topology("b"));
        assertThat(open).isEmpty();
    }

    @Test
    void aServerThatComesBackBeginsAnew() {
        use("a");
        servers.keep(topology("b"));
        pass(Duration.ofSeconds(100));
        servers.keep(topology("a"));
        pass(Duration.ofSeconds(100));
        servers.keep(topology("b"));
        pass(Duration.ofSeconds(100));
        servers.keep(topology("b"));
        assertThat(open).containsExactly("a");
    }

    @Test
    void aServerThatIsUsedIsNotGone() {
        use("a");
        servers.keep(topology("b"));
        pass(Duration.ofSeconds(119));
        use("a");
        pass(Duration.ofSeconds(2));
        servers.keep(topology("b"));
        assertThat(open).containsExactly("a");
    }

    @Test
    void whatIsUsedAfterTheEndIsClosedAtOnce() {
        use("a");
        servers.close();
        assertThat(open).isEmpty();
        use("a");
        assertThat(open).isEmpty();
    }
}
