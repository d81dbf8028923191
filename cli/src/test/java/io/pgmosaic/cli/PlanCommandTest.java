package io.pgmosaic.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code plan} prints, of a cluster in a file and of one behind an API server. */
class PlanCommandTest {
    private static final String CLUSTER = """
            apiVersion: pgmosaic.io/v1alpha1
            kind: ShardedCluster
            metadata: {name: orders, namespace: shop, uid: 3f0c3c6e}
            spec:
              postgres: {version: 17}
              shards: {count: 2}
              instancesPerShard: 3
              storage: {size: 1Gi}
              sharding:
                tables:
                  - {name: orders, key: [{column: customer_id, type: BigInt}]}
                groups:
                  - name: log
                    strategy: OrderedRange
                    orderedRange: {type: BigInt}
                    placements: [{ranges: [{until: "10", shard: s0}, {from: "10", shard: s1}]}]
                    tables: [{name: events, key: [{column: id, type: BigInt}]}]
            """;

    private static final String STATUS = """
            status:
              map:
                version: 2
                placements:
                  - strategy: HashRange
                    ranges: [{from: "-9223372036854775808", shard: s0}, {from: "0", shard: s1}]
                groups:
                  - name: log
                    placements:
                      - strategy: OrderedRange
                        rangeType: BigInt
                        ranges: [{until: "10", shard: s0}, {from: "10", shard: s1}]
              shards:
                - name: s0
                  size: {bytes: 5368709120, tables: [{table: public.orders, bytes: 4294967296}, {table: public.events, bytes: 1024}]}
                - name: s1
                  size: {bytes: 3221225472, tables: [{table: public.orders, bytes: 2147483648}, {table: public.events, bytes: 0}]}
            """;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path current;
    private Path folder;

    @BeforeEach
    void write(@TempDir Path files) throws IOException {
        folder = files;
        current = Files.writeString(files.resolve("current.yaml"), CLUSTER + STATUS);
    }

    @AfterEach
    void forgetTheKubeconfig() {
        System.clearProperty("kubeconfig");
    }

    private int run(String... arguments) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }

    @Test
    void printsWhatMoreShardsWouldMove() {
        assertThat(run("plan", "--current", current.toString(), "--shards", "4"))
                .isZero();
        assertThat(out.toString()).isEqualToNormalizingNewlines("""
                ShardedCluster orders, map version 2: 2 shards, about 8.0 GiB
                --shards is for the tables that are in no group.
                Group log stays on s0, s1.
                To change groups write the manifest and give it with -f.
                It would have the shards s0, s2, s1, s3.

                Tables public.orders, about 6.0 GiB
                  FROM  TO  PART OF FROM  ABOUT    ROWS
                  s0    s2  50.0 %        2.0 GiB
                  s1    s3  50.0 %        1.0 GiB
                  In all 50.0 % of the rows would move, about 3.0 GiB.

                Tables public.events of group log, about 1.0 KiB
                  Every row stays where it is.

                Nothing was changed.
                """);
    }

    @Test
    void printsWhatAnotherManifestWouldMove() throws IOException {
        Path wanted = Files.writeString(
                folder.resolve("wanted.yaml"),
                """
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: other}
                ---
                """
                        + CLUSTER.replace(
                                        "{until: \"10\", shard: s0}, {from: \"10\", shard: s1}",
                                        "{until: \"5\", shard: s0}, {from: \"5\", until: \"90\", shard: s1}")
                                .replace(
                                        "    tables:\n      - {name: orders",
                                        "    overrides: [{key: [\"42\"], shard: s0}]\n    tables:\n      - {name: orders"));
        assertThat(run("plan", "--current", current.toString(), "-f", wanted.toString()))
                .isZero();
        assertThat(out.toString())
                .contains("s1    s0  1 key         ?      42")
                .contains("s0    s1  ?             at most 1.0 KiB  keys from 5 to 10")
                .contains("No place for rows of keys from 90 to the end: do not use this map while there are any.")
                .contains("a part that only the data can tell of the rows would move");
    }

    @Test
    void saysThatANumberOfShardsIsNotForGroups() throws IOException {
        Path grouped = Files.writeString(
                folder.resolve("grouped.yaml"),
                CLUSTER.replace(
                                "    tables:\n      - {name: orders, key: [{column: customer_id, type: BigInt}]}\n",
                                "    tables: []\n")
                        + STATUS);
        assertThat(run("plan", "--current", grouped.toString(), "--shards", "4"))
                .isZero();
        assertThat(out.toString())
                .contains("--shards is for the tables that are in no group, and there is none: no row would move.");
    }

    @Test
    void saysThatATableWasNotMeasured() throws IOException {
        Path unmeasured = Files.writeString(
                folder.resolve("unmeasured.yaml"),
                CLUSTER + STATUS.replace("{table: public.orders, bytes: 2147483648}, ", ""));
        assertThat(run("plan", "--current", unmeasured.toString(), "--shards", "4"))
                .isZero();
        assertThat(out.toString())
                .contains("Tables public.orders, not measured on every shard")
                .contains("s0    s2  50.0 %        2.0 GiB")
                .contains("s1    s3  50.0 %        ?")
                .contains("In all 50.0 % of the rows would move, a size that nobody knows, since the operator has not"
                        + " measured every table.");
    }

    /** Whatever is left out of what a person may write or shorten: an answer or a reason, and never a stack of Java. */
    @Test
    void takesNoOffenceAtWhatIsMissing() throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        List<String> paths = new ArrayList<>();
        collect(yaml.readTree(CLUSTER + STATUS), "", paths);
        assertThat(paths).hasSizeGreaterThan(40);
        for (String path : paths) {
            ObjectNode less = (ObjectNode) yaml.readTree(CLUSTER + STATUS);
            int cut = path.lastIndexOf('/');
            ((ObjectNode) less.at(path.substring(0, cut))).remove(path.substring(cut + 1));
            Path file = Files.writeString(folder.resolve("less.yaml"), yaml.writeValueAsString(less));
            assertThat(run("plan", "--current", file.toString(), "--shards", "4"))
                    .as("%s of what the cluster is: %s", path, err)
                    .isIn(0, 1);
            assertThat(run("plan", "--current", current.toString(), "-f", file.toString()))
                    .as("%s of what it would be: %s", path, err)
                    .isIn(0, 1);
            assertThat(err.toString()).as(path).doesNotContain("Exception", "\tat ");
        }
    }

    private static void collect(JsonNode node, String path, List<String> paths) {
        node.properties().forEach(member -> {
            paths.add(path + "/" + member.getKey());
            collect(member.getValue(), path + "/" + member.getKey(), paths);
        });
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            collect(node.get(i), path + "/" + i, paths);
        }
    }

    @Test
    void saysThatEntriesOfADirectoryAreNotCounted() throws IOException {
        Path directory = Files.writeString(
                folder.resolve("directory.yaml"),
                CLUSTER + STATUS.replace("    version: 2", "    version: 2\n    directory: true"));
        assertThat(run("plan", "--current", directory.toString(), "--shards", "4"))
                .isZero();
        assertThat(out.toString()).containsOnlyOnce("By the rule alone: keys that have an entry in the directory");
    }

    @Test
    void printsHowManyShardsALoadTakes() {
        assertThat(run("plan", "--current", current.toString(), "--shard-bytes", "2Gi", "--shard-writes", "5000"))
                .isZero();
        assertThat(out.toString()).contains("This load takes 8 shards: data ask for 4.00");
    }

    @Test
    void asksTheApiServerOfTheKubeconfig() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            boolean known = exchange.getRequestURI()
                    .getPath()
                    .equals("/apis/pgmosaic.io/v1alpha1/namespaces/shop/shardedclusters/orders");
            byte[] body = (known ? CLUSTER + STATUS : "{}").getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/yaml");
            exchange.sendResponseHeaders(known ? 200 : 404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            Path kubeconfig = Files.writeString(folder.resolve("kubeconfig"), """
                    apiVersion: v1
                    kind: Config
                    current-context: here
                    contexts: [{name: here, context: {cluster: here, user: me, namespace: shop}}]
                    clusters: [{name: here, cluster: {server: "http://127.0.0.1:%d"}}]
                    users: [{name: me, user: {}}]
                    """.formatted(
                            server.getAddress().getPort()));
            System.setProperty("kubeconfig", kubeconfig.toString());
            assertThat(run("plan", "orders", "--shards", "2"))
                    .as(err.toString())
                    .isZero();
            assertThat(out.toString()).contains("Every row stays where it is.");
            assertThat(run("plan", "ghost", "--shards", "2")).isEqualTo(1);
            assertThat(err.toString()).contains("there is no ShardedCluster ghost in namespace shop");
        } finally {
            server.stop(0);
        }
        assertThat(run("plan", "orders", "--shards", "2")).isEqualTo(1);
        assertThat(err.toString()).contains("cannot read ShardedCluster orders in namespace shop");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    plan                                           | 2 | say what would be
                    plan --shards 4                                | 2 | name the ShardedCluster
                    plan --shards many --current CURRENT           | 2 | 'many' is not an int
                    plan --shards 4 -f CURRENT --current CURRENT   | 2 | either -f or --shards
                    plan --shards 0 --current CURRENT              | 1 | 1 to 256 shards, not 0
                    plan --shards 4 --current /nowhere.yaml        | 1 | cannot read /nowhere.yaml
                    plan -f CURRENT --current EMPTY                | 1 | holds 0 objects of kind ShardedCluster
                    plan -f EMPTY --current CURRENT                | 1 | holds 0 objects of kind ShardedCluster
                    plan --shards 4 --current NEW                  | 1 | has no map in its status
                    plan --shards 4 --current BARE                 | 1 | has no spec: write it
                    plan -f BARE --current CURRENT                 | 1 | has no spec: write it
                    plan --shard-bytes lots --current CURRENT      | 1 | --shard-bytes is a quantity
                    plan --shard-bytes 0 --current CURRENT         | 1 | a shard's bytes are more than 0
                    plan --writes -1 --current CURRENT             | 1 | the load's writes a second are 0 or more
                    move                                           | 2 | Unmatched argument
                    """)
    void refusesWithAReason(String arguments, int code, String reason) throws IOException {
        Path empty = Files.writeString(
                folder.resolve("empty.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
        Path fresh = Files.writeString(folder.resolve("new.yaml"), CLUSTER);
        Path bare = Files.writeString(
                folder.resolve("bare.yaml"),
                "apiVersion: pgmosaic.io/v1alpha1\nkind: ShardedCluster\nmetadata: {name: a}\n");
        assertThat(run(arguments
                        .replace("BARE", bare.toString())
                        .replace("CURRENT", current.toString())
                        .replace("EMPTY", empty.toString())
                        .replace("NEW", fresh.toString())
                        .split(" ")))
                .isEqualTo(code);
        assertThat(err.toString()).contains(reason);
        assertThat(out.toString()).doesNotContain("Nothing was changed");
    }
}
