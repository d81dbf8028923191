package io.pgmosaic.router.http;

import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.Topologies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.nio.file.Path;

import static io.pgmosaic.router.http.GuaranteeReplies.READ;
import static io.pgmosaic.router.http.GuaranteeReplies.assertProblem;
import static io.pgmosaic.router.http.GuaranteeReplies.position;
import static io.pgmosaic.router.http.GuaranteeReplies.report;
import static io.pgmosaic.router.http.GuaranteeReplies.server;
import static org.assertj.core.api.Assertions.assertThat;

/** Guarantees that nobody can give: words that do not go together, tokens and positions that are not to be believed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RefusedGuaranteesTest {
    private InformedRouter informed;
    private RunningRouter router;

    @BeforeAll
    void start(@TempDir Path folder) {
        informed = InformedRouter.start(folder, Topologies.healthy());
        router = informed.router();
    }

    @AfterAll
    void stop() {
        informed.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            &consistency=sometimes                       | consistency is one of eventual, bounded, read-your-writes
            &consistency=                                | consistency is one of
            &consistency=bounded                         | needs maxLagMs=<milliseconds>
            &consistency=bounded&maxLagMs=-1             | maxLagMs is a number of milliseconds from 0
            &consistency=bounded&maxLagMs=soon           | maxLagMs is a number of milliseconds from 0
            &consistency=bounded&maxLagMs=99999999999    | maxLagMs is a number of milliseconds from 0
            &consistency=strong&maxLagMs=5               | maxLagMs belongs to consistency=bounded
            &maxLagMs=5                                  | belong to a consistency
            &otherwise=wait                              | belong to a consistency
            &consistency=causal&otherwise=never          | otherwise is wait or primary
            &consistency=causal                          | has to know who reads
            &consistency=monotonic&session=              | session is a name of 1 to 128 characters
            &consistency=eventual&session=a              | session does not belong to consistency=eventual
            &session=a                                   | a read of a session needs a consistency
            &consistency=causal&consistency=causal       | consistency is given twice
            """)
    void refusesWhatDoesNotGoTogether(String parameters, String detail) {
        assertProblem(router.get(READ + parameters), 400, "invalid-request", detail);
    }

    @Test
    void refusesAGuaranteeForAWriteAndASessionBesideAToken() {
        assertProblem(
                router.get("/v1/route?table=orders&key=42&consistency=strong"),
                400,
                "invalid-request",
                "consistency is for reads");
        assertProblem(
                router.get(READ + "&consistency=causal&session=a", "AAAA"),
                400,
                "invalid-request",
                "send one of them, not both");
        assertProblem(
                router.get(READ + "&consistency=causal&session=" + "a".repeat(129)),
                400,
                "invalid-request",
                "session is a name");
    }

    @Test
    void refusesATokenThatIsNotToBeBelieved() {
        String token = report(router, "s1", 2, "0/100", "write", null, null);
        assertProblem(router.get(READ + "&consistency=causal", "%"), 400, "token-malformed", "is not base64url");
        assertProblem(
                router.get(READ + "&consistency=causal", token.substring(0, 20)), 400, "token-malformed", "cut off");
        String forged = token.substring(0, token.length() - 4) + "AAAA";
        assertProblem(router.get(READ + "&consistency=causal", forged), 400, "token-forged", "signature is wrong");
        assertProblem(
                router.get(READ + "&consistency=causal", "A".repeat(8_193)), 400, "token-too-large", "more than 8192");
        assertThat(server(router.get(READ + "&consistency=eventual", forged)))
                .as("where none is needed none is read")
                .isEqualTo("orders-s1-1");
        assertProblem(
                router.post("/v1/tokens/merge", "{\"tokens\": [\"" + forged + "\"]}"),
                400,
                "token-forged",
                "signature is wrong");
        assertProblem(
                router.post("/v1/positions", position("s1", 2, "0/1", "write", null), forged),
                400,
                "token-forged",
                "signature is wrong");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            []                                                        | the body is
            {"shard":"s1","term":2,"lsn":"0/1"}                       | the body is
            {"shard":"s9","term":2,"lsn":"0/1","kind":"write"}        | there is no shard 's9'
            {"shard":"s1","term":0,"lsn":"0/1","kind":"write"}        | term is what SHOW mosaic.term says
            {"shard":"s1","term":"x","lsn":"0/1","kind":"write"}      | the body is
            {"shard":"s1","term":2,"lsn":"end","kind":"write"}        | lsn is a pg_lsn
            {"shard":"s1","term":2,"lsn":"0/1","kind":"both"}         | kind is write or read
            {"shard":"s1","term":2,"lsn":"0/1","kind":"read","session":""} | session is a name
            {"shard":"s1","term":2,"lsn":"0/1","kind":"read","instance":""} | instance is the name of the server
            """)
    void refusesWhatIsNoPosition(String body, String detail) {
        assertProblem(router.post("/v1/positions", body), 400, "invalid-request", detail);
    }

    @Test
    void refusesWhatIsNoListOfTokens() {
        assertProblem(router.post("/v1/tokens/merge", "{}"), 400, "invalid-request", "the body is");
        assertProblem(router.post("/v1/tokens/merge", "{\"tokens\":[null]}"), 400, "invalid-request", "the body is");
        assertProblem(
                router.post("/v1/tokens/merge", "{\"tokens\":[" + "\"a\",".repeat(64) + "\"a\"]}"),
                400,
                "invalid-request",
                "more than 64 tokens");
        assertThat(router.get("/v1/positions").status()).isEqualTo(405);
    }
}
