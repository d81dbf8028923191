package io.pgmosaic.router.http;

import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.RunningRouter.Reply;
import io.pgmosaic.router.harness.Topologies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.file.Path;
import java.util.List;

import static io.pgmosaic.router.harness.Topologies.headless;
import static io.pgmosaic.router.harness.Topologies.healthy;
import static io.pgmosaic.router.harness.Topologies.map;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Every wrong question gets its status, a problem document that says what to do, and changes nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadRequestTest {
    private static final String INVALID_REQUEST = "urn:pgmosaic:problem:invalid-request";
    private static final String INVALID_KEY = "urn:pgmosaic:problem:invalid-key";

    private InformedRouter informed;
    private RunningRouter router;

    @BeforeAll
    void start(@TempDir Path folder) {
        informed = InformedRouter.start(
                folder, Topologies.of(map(1), headless("s0", 3, "its primary failed"), healthy("s1", 1)));
        router = informed.router();
    }

    @AfterAll
    void stop() {
        informed.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    key=1                                   | name the table
                    table=&key=1                            | name the table
                    table=orders&table=orders&key=1         | table is given twice
                    table=orders&key=1&intent=delete        | intent is read or write, not 'delete'
                    table=orders&key=1&intent=              | intent is read or write, not ''
                    table=orders&key=1&intent=READ          | intent is read or write, not 'READ'
                    table=orders&key=1&wait=-1              | wait is a number of milliseconds from 0 to 30000, not '-1'
                    table=orders&key=1&wait=30001           | wait is a number of milliseconds
                    table=orders&key=1&wait=5s              | wait is a number of milliseconds
                    table=orders&key=1&wait=                | wait is a number of milliseconds
                    table=orders&key=1&wait=1&wait=2        | wait is given twice
                    table=orders&kee=1                      | there is no parameter 'kee'
                    table=orders&key.=1                     | there is no parameter 'key.'
                    table=orders&key=1&key.customer_id=1    | not both
                    table=events&key.tenant=a&key.tenant=b  | given twice
                    table=accounts&key=%C3                  | not percent-encoded UTF-8
                    table=accounts&key=%ff                  | not percent-encoded UTF-8
                    table=accounts&key=%C0%80               | not percent-encoded UTF-8
                    table=accounts&key=%ED%A0%80            | not percent-encoded UTF-8
                    """)
    void refusesAnInvalidRequest(String query, String detail) {
        assertProblem(router.get("/v1/route?" + query), 400, INVALID_REQUEST, "invalid request", detail);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    table=orders                            | give the key: one key=<value> for each of customer_id
                    table=orders&key=                       | empty
                    table=accounts&key=                     | empty
                    table=accounts&key                      | empty
                    table=orders&key=12a                    | not a whole number
                    table=orders&key=1.5                    | not a whole number
                    table=orders&key=%201                   | not a whole number
                    table=orders&key=0x10                   | not a whole number
                    table=orders&key=%D9%A1                 | not a whole number
                    table=orders&key=9223372036854775808    | outside bigint's range
                    table=orders&key=-9223372036854775809   | outside bigint's range
                    table=orders&key=1&key=2                | 1 column (customer_id), but 2 values were given
                    table=events&key=a                      | 2 columns (tenant, day), but 1 value was given
                    table=events&key.tenant=a               | the key's columns are tenant, day
                    table=events&key.tenant=a&key.hour=1    | the key's columns are tenant, day
                    table=orders&key.customer_id=1&key.x=1  | the key's columns are customer_id
                    table=billing.payments&key=1-1-1-1-1    | not a UUID
                    table=billing.payments&key=zz           | not a UUID
                    table=accounts&key=a%00b                | NUL
                    """)
    void refusesAnInvalidKey(String query, String detail) {
        assertProblem(router.get("/v1/route?" + query), 400, INVALID_KEY, "invalid key", detail);
    }

    @Test
    void refusesBytesThatAreNotPercentEncoded() throws IOException {
        assertThat(raw("GET /v1/route?table=accounts&key=\u00e9 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("percent-encoded UTF-8");
        assertThat(raw("GET /v1/route?table=accounts&key=%4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
        assertThat(raw("GET /v1/route?table=accounts&key=%g1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    @Test
    void namesTheKnownTablesForAnUnknownOne() {
        Reply reply = router.get("/v1/route?table=order&key=1");
        assertProblem(reply, 404, "urn:pgmosaic:problem:unknown-table", "unknown table", "'order'");
        assertThat(reply.body().at("/tables").valueStream().map(table -> table.asText()))
                .containsExactlyInAnyOrder(
                        "public.orders", "public.accounts", "billing.payments", "public.events", "public.countries");
        assertThat(router.get("/v1/route?table=payments&key=1").status())
                .as("only tables of schema public have a bare name")
                .isEqualTo(404);
    }

    @Test
    void explainsThatReferenceTablesAreWrittenEverywhere() {
        Reply reply = router.get("/v1/route?table=countries&key=1");
        assertProblem(
                reply,
                400,
                "urn:pgmosaic:problem:reference-table-write",
                "reference tables are written on every shard",
                "public.countries");
        assertThat(reply.body().at("/shards").valueStream().map(shard -> shard.asText()))
                .containsExactly("s0", "s1");
    }

    @Test
    void answersAShardWithoutPrimaryAlsoWhenTheWaitIsOver() {
        Reply reply = router.get("/v1/route?wait=50&table=orders&key=" + keyOfS0());
        assertProblem(reply, 503, "urn:pgmosaic:problem:shard-unavailable", "shard unavailable", "its primary failed");
    }

    @Test
    void refusesAtOnceWhatNoWaitingWouldHelp() {
        assertThat(router.get("/v1/route?wait=30000&table=none&key=1").status()).isEqualTo(404);
        assertThat(router.get("/v1/route?wait=30000&table=orders&key=x").status())
                .isEqualTo(400);
    }

    @Test
    void answersAShardWithoutPrimaryWithItsReasonAndTerm() {
        Reply reply = router.get("/v1/route?table=orders&key=" + keyOfS0());
        assertProblem(reply, 503, "urn:pgmosaic:problem:shard-unavailable", "shard unavailable", "its primary failed");
        assertThat(reply.headers()).containsEntry("retry-after", List.of("1"));
        assertThat(reply.body().at("/shard").asText()).isEqualTo("s0");
        assertThat(reply.body().at("/term").asLong()).isEqualTo(3);
        assertThat(reply.body().at("/reason").asText()).isEqualTo("its primary failed");
    }

    @Test
    void stillReadsAShardWithoutPrimary() {
        Reply reply = router.get("/v1/route?table=orders&intent=read&key=" + keyOfS0());
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().at("/server/instance").asText()).isEqualTo("orders-s0-1");
        assertThat(reply.body().has("primary")).isFalse();
    }

    @Test
    void tellsInABatchWhichKeysHaveNoServer() {
        Reply reply = router.post("/v1/route", "{\"table\":\"orders\",\"keys\":[42," + keyOfS0() + "]}");
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body().at("/shards")).hasSize(1);
        assertThat(reply.body().at("/results/0").toString()).isEqualTo("{\"shard\":\"s1\"}");
        assertThat(reply.body().at("/results/1/shard").asText()).isEqualTo("s0");
        assertThat(reply.body().at("/results/1/problem/title").asText()).isEqualTo("shard unavailable");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/v1",
                "/v1/route/",
                "/v2/route",
                "/v1/Route",
                "/%2e%2e/etc/passwd",
                "/v1/route%3Ftable=orders"
            })
    void knowsNoOtherPath(String path) {
        assertProblem(router.get(path), 404, "urn:pgmosaic:problem:unknown-path", "unknown path", "openapi.yaml");
    }

    @ParameterizedTest
    @CsvSource({
        "PUT,/v1/route,'GET, POST'",
        "DELETE,/v1/route,'GET, POST'",
        "POST,/v1/shards,GET",
        "POST,/v1/map,GET",
        "POST,/readyz,GET",
        "POST,/livez,GET",
        "POST,/metrics,GET",
        "BREW,/openapi.yaml,GET"
    })
    void refusesOtherMethods(String method, String path, String allowed) {
        Reply reply = router.method(method, path, "");
        assertProblem(reply, 405, "urn:pgmosaic:problem:wrong-method", "wrong method", allowed);
        assertThat(reply.headers()).containsEntry("allow", List.of(allowed));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "nonsense",
                "[]",
                "null",
                "{\"table\":\"orders\"}",
                "{\"keys\":[1]}",
                "{\"table\":7,\"keys\":[1]}",
                "{\"table\":\"orders\",\"keys\":1}",
                "{\"table\":\"orders\",\"keys\":[{}]}",
                "{\"table\":\"orders\",\"keys\":[[[1]]]}",
                "{\"table\":\"orders\",\"keys\":[1",
                "{\"table\":\"orders\",\"keys\":[1],\"intent\":\"delete\"}",
                "{\"table\":\"orders\",\"keys\":[1],\"intent\":null}",
                "{\"table\":\"orders\",\"keys\":[1],\"more\":1}",
                "{\"table\":\"orders\",\"keys\":[1]} {}"
            })
    void refusesABatchOfAnotherForm(String body) {
        assertProblem(router.post("/v1/route", body), 400, INVALID_REQUEST, "invalid request", "");
    }

    @Test
    void refusesABatchAboutAnUnknownTableWhole() {
        assertThat(router.post("/v1/route", "{\"table\":\"order\",\"keys\":[1]}")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void refusesTextThatPostgresCannotStore() {
        Reply reply = router.post("/v1/route", "{\"table\":\"accounts\",\"keys\":[\"a\\u0000b\",\"\\ud800\"]}");
        assertThat(reply.body().at("/results/0/problem/detail").asText()).contains("NUL");
        assertThat(reply.body().at("/results/1/problem/detail").asText()).contains("surrogate");
    }

    @Test
    void refusesMoreThanTenThousandKeys() {
        String keys = "1,".repeat(10_000) + "1";
        assertProblem(
                router.post("/v1/route", "{\"table\":\"orders\",\"keys\":[" + keys + "]}"),
                400,
                INVALID_REQUEST,
                "invalid request",
                "more than 10000 keys");
    }

    @Test
    void refusesABodyOfMoreThanAMebibyte() {
        String body = "{\"table\":\"accounts\",\"keys\":[\"" + "k".repeat(1 << 20) + "\"]}";
        assertProblem(
                router.post("/v1/route", body),
                413,
                "urn:pgmosaic:problem:too-large",
                "request body too large",
                "1048576");
        assertThat(router.get("/livez").status()).isEqualTo(200);
    }

    @Test
    void refusesAMegabyteOfKeyInTheTarget() throws IOException {
        String answer =
                raw("GET /v1/route?table=accounts&key=" + "k".repeat(1_000_000) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(answer)
                .matches("(?s)HTTP/1.[01] 414 .*")
                .contains("application/problem+json", "urn:pgmosaic:problem:target-too-long", "POST /v1/route");
    }

    @Test
    void refusesHugeHeaders() throws IOException {
        String answer = raw("GET /livez HTTP/1.1\r\nHost: x\r\nX: " + "h".repeat(100_000) + "\r\n\r\n");
        assertThat(answer)
                .matches("(?s)HTTP/1.[01] 431 .*")
                .containsIgnoringCase("connection: close")
                .contains("urn:pgmosaic:problem:headers-too-large");
    }

    @Test
    void refusesWhatIsNotHttp() throws IOException {
        assertThat(raw("nonsense\r\n\r\n")).matches("(?s)HTTP/1.[01] 400 .*").contains(INVALID_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'; DROP TABLE orders; --",
                "\"},{\"injected\":true,\"x\":\"",
                "$(reboot)",
                "<script>alert(1)</script>",
                "a\r\nSet-Cookie: x=1",
                "\u0000\u0007\u001b[31m",
                "\u202e\u2028",
                "😀"
            })
    void givesHostileTextBackOnlyAsAnEscapedString(String hostile) {
        String encoded = URLEncoder.encode(hostile, UTF_8);
        String before = router.log();
        for (String query : List.of(
                "table=" + encoded + "&key=1",
                "table=orders&key=" + encoded,
                "table=orders&key=1&intent=" + encoded,
                "table=orders&" + encoded + "=1")) {
            Reply reply = router.get("/v1/route?" + query);
            assertThat(reply.status()).isBetween(400, 499);
            assertThat(reply.body().has("injected")).isFalse();
            assertThat(reply.headers()).doesNotContainKey("set-cookie");
            assertThat(router.text("/v1/route?" + query))
                    .as("control characters are escaped")
                    .doesNotContain("\r", "\n", "\u0000", "\u001b");
        }
        assertThat(router.log()).isEqualTo(before);
    }

    @Test
    void shortensLongTextInProblems() {
        assertThat(router.text("/v1/route?key=1&table=" + "t".repeat(10_000)).length())
                .isLessThan(1_000);
        assertThat(router.text("/v1/route?table=orders&key=" + "k".repeat(10_000))
                        .length())
                .isLessThan(1_000);
    }

    private static void assertProblem(Reply reply, int status, String type, String title, String detail) {
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(status);
        assertThat(reply.contentType()).isEqualTo("application/problem+json");
        assertThat(reply.body().at("/type").asText()).isEqualTo(type);
        assertThat(reply.body().at("/title").asText()).isEqualTo(title);
        assertThat(reply.body().at("/status").asInt()).isEqualTo(status);
        assertThat(reply.body().at("/detail").asText()).contains(detail);
    }

    private long keyOfS0() {
        long key = 0;
        while (!router.get("/v1/route?table=orders&intent=read&key=" + key)
                .body()
                .at("/shard")
                .asText()
                .equals("s0")) {
            key++;
        }
        return key;
    }

    /** Sends what no client library would, and reads to the end of the connection or of the problem document. */
    private String raw(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), router.port())) {
            socket.setSoTimeout(10_000);
            @Nullable IOException cutOff = null;
            try {
                socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            } catch (IOException e) {
                // The router has read enough to answer and closed the connection; the answer is there to be read.
                cutOff = e;
            }
            StringBuilder answer = new StringBuilder();
            for (int read = socket.getInputStream().read();
                    read >= 0;
                    read = socket.getInputStream().read()) {
                answer.append((char) read);
                if (answer.toString().endsWith("}")) {
                    break;
                }
            }
            if (answer.isEmpty() && cutOff != null) {
                throw cutOff;
            }
            return answer.toString();
        }
    }
}
