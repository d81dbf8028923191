package io.pgmosaic.instance;

import io.pgmosaic.instance.harness.TestAuthority;
import io.pgmosaic.instance.harness.TestManager;
import io.pgmosaic.instance.harness.TestShard;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;

/** What a manager tells of a database's schema, and to whom. */
final class SchemaTest {
    private static final String DATABASE = "shop & \"co\" 'x' \\ y";
    private static TestShard shard;
    private static TestManager manager;

    @BeforeAll
    static void open() throws Exception {
        shard = new TestShard();
        manager = shard.manager(0).start();
        manager.make(manager.bootstrap(1, new PostgresConfiguration(1, Map.of(), "", List.of(), false)));
        manager.sql("CREATE ROLE owner LOGIN");
        manager.sql("CREATE DATABASE \"shop & \"\"co\"\" 'x' \\ y\" OWNER owner");
        try (Connection connection = manager.connect(DATABASE, "postgres", "verify-ca");
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    CREATE SCHEMA mosaic;
                    CREATE TABLE mosaic.shard_map (version int);
                    CREATE FUNCTION mosaic.refuse_row() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
                    CREATE FUNCTION mosaic.refuse_ddl() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
                    SET SESSION AUTHORIZATION owner;
                    CREATE TABLE "a mosaic_guard_insert" (id int PRIMARY KEY, t text DEFAULT '\\restrict x');
                    CREATE FUNCTION touched() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN /*
                    \\restrict is a word of mine
                    */ RETURN NEW;
                    END $$;
                    CREATE TRIGGER mosaic_of_mine BEFORE INSERT ON "a mosaic_guard_insert"
                      FOR EACH ROW EXECUTE FUNCTION touched();
                    RESET SESSION AUTHORIZATION;
                    CREATE TRIGGER mosaic_guard_insert AFTER INSERT ON "a mosaic_guard_insert"
                      FOR EACH ROW EXECUTE FUNCTION mosaic.refuse_row();
                    CREATE EVENT TRIGGER of_the_product ON ddl_command_end EXECUTE FUNCTION mosaic.refuse_ddl();
                    """);
        }
    }

    @AfterAll
    static void close() throws IOException {
        shard.close();
    }

    @Test
    void tellsWhatAUserMadeAndNothingOfTheProduct() throws Exception {
        String before = ask("owner", "pre-data", 200);
        assertThat(before)
                .contains("CREATE TABLE public.\"a mosaic_guard_insert\"", "\\restrict is a word of mine")
                .doesNotContain("OWNER", "PRIMARY KEY", "CREATE SCHEMA mosaic", "shard_map")
                .doesNotContainPattern("(?m)^\\\\(un)?restrict [A-Za-z0-9]{30,}$");
        String after = ask("owner", "post-data", 200);
        assertThat(after)
                .contains("PRIMARY KEY (id)", "CREATE TRIGGER mosaic_of_mine")
                .doesNotContain("CREATE TRIGGER mosaic_guard_insert", "of_the_product", "refuse_row", "refuse_ddl");
    }

    @Test
    void saysWhatItCannotTell() throws Exception {
        assertThat(ask("nobody_there", "pre-data", 503)).contains("nobody_there");
        assertThat(ask("owner", "data", 400)).contains("section");
        manager.sql("CREATE ROLE stranger");
        assertThat(ask("stranger", "pre-data", 503)).contains("permission denied", "a mosaic_guard_insert");
    }

    @Test
    void isForTheOperatorAlone() throws Exception {
        HttpClient router = TestManager.client(shard.authority().client("O=pgmosaic,CN=router"), shard.authority());
        assertThat(manager.get(router, path("owner", "pre-data")).statusCode()).isEqualTo(403);
        TestAuthority.Issued peer = shard.authority().client("O=pgmosaic,CN=instance");
        HttpClient instance = TestManager.client(peer, shard.authority());
        assertThat(manager.get(instance, path("owner", "pre-data")).statusCode())
                .isEqualTo(403);
        assertThat(manager.post(path("owner", "pre-data"), new byte[0]).statusCode())
                .isEqualTo(405);
    }

    private static String ask(String role, String section, int status) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = manager.get(manager.operator(), path(role, section));
        String body = new String(response.body(), StandardCharsets.UTF_8);
        assertThat(response.statusCode()).as(body).isEqualTo(status);
        return body;
    }

    private static String path(String role, String section) {
        return "/v1/schema?database=" + URLEncoder.encode(DATABASE, StandardCharsets.UTF_8) + "&role=" + role
                + "&section=" + section;
    }
}
