package io.pgmosaic.cli;

import com.sun.net.httpserver.HttpServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** What {@code directory} asks a router, and what it says of the answers. */
class DirectoryCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> asked = new ArrayList<>();
    private HttpServer router;
    private int status = 200;
    private String answer = "{}";

    @BeforeEach
    void listen() throws IOException {
        router = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        router.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add((exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body).strip());
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        router.start();
    }

    @AfterEach
    void stop() {
        router.stop(0);
    }

    @Test
    void tellsWhereAKeyIsAndWhy() {
        answer = "{\"home\": \"s0\", \"shard\": \"acme\", \"source\": \"entry\"}";
        assertThat(run("get", "--table", "orders", "--key", "acme & co", "--key", "7"))
                .isZero();
        assertThat(asked).containsExactly("GET /v1/directory?table=orders&key=acme%20%26%20co&key=7");
        assertThat(out).hasToString("acme & co, 7 of orders is on shard acme, by an entry; the rule has it on s0.\n");
    }

    @Test
    void tellsWhatHasNoEntry() {
        answer = "{\"home\": \"s0\", \"shard\": \"s0\", \"source\": \"rule\"}";
        assertThat(run("get", "--table", "orders", "--key", "7")).isZero();
        assertThat(out).hasToString("7 of orders is on shard s0, by the rule; it has no entry.\n");
    }

    @Test
    void givesAKeyToAShardAndTakesItBack() {
        answer = "{\"results\": [{\"key\": [\"7\"], \"outcome\": \"done\", \"status\": 200}]}";
        assertThat(run("set", "--table", "orders", "--key", "7", "--shard", "acme"))
                .isZero();
        answer = "{\"results\": [{\"key\": [\"7\"], \"outcome\": \"unchanged\", \"status\": 200}]}";
        assertThat(run("unset", "--table", "orders", "--key", "7")).isZero();
        assertThat(asked)
                .containsExactly(
                        "PUT /v1/directory {\"table\":\"orders\",\"entries\":[{\"key\":[\"7\"],\"shard\":\"acme\"}]}",
                        "DELETE /v1/directory {\"table\":\"orders\",\"entries\":[{\"key\":[\"7\"]}]}");
        assertThat(out)
                .hasToString("7 of orders is on shard acme.\n7 of orders is where the rule has it, as before.\n");
    }

    @Test
    void passesOnWhyNothingWasChanged() {
        status = 403;
        answer = "{\"title\": \"not allowed to change the directory\", \"detail\": \"grant update\"}";
        assertThat(run("set", "--table", "orders", "--key", "7", "--shard", "acme"))
                .isEqualTo(1);
        assertThat(err).hasToString("not allowed to change the directory: grant update\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void saysWhatIsNoRouter() {
        answer = "<html>";
        assertThat(run("get", "--table", "orders", "--key", "7")).isEqualTo(1);
        assertThat(err.toString()).contains("is no router");
        router.stop(0);
        assertThat(run("unset", "--table", "orders", "--key", "7")).isEqualTo(1);
        assertThat(err.toString()).contains("does not answer", "may have been made all the same");
    }

    @Test
    void asksForWhatIsMissing() {
        assertThat(run("set", "--table", "orders", "--key", "7")).isEqualTo(2);
        assertThat(err.toString()).contains("--shard");
        assertThat(asked).isEmpty();
        assertThat(execute("directory")).isEqualTo(2);
        assertThat(err.toString()).contains("get, set or unset");
    }

    private int run(String what, String... arguments) {
        String url = "http://127.0.0.1:" + router.getAddress().getPort() + "/";
        return execute(Stream.concat(Stream.of("directory", what, "orders", "--router", url), Arrays.stream(arguments))
                .toArray(String[]::new));
    }

    private int execute(String... arguments) {
        CommandLine line = Main.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(arguments);
    }
}
