package io.pgmosaic.router.http;

import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.RunningRouter.Reply;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/** What clients send and get that read with a guarantee. */
final class GuaranteeReplies {
    static final String READ = "/v1/route?table=orders&key=42&intent=read";

    private GuaranteeReplies() {}

    /** The body of a report. */
    static String position(String shard, long term, String lsn, String kind, @Nullable String session) {
        return "{\"shard\":\"" + shard + "\",\"term\":" + term + ",\"lsn\":\"" + lsn + "\",\"kind\":\"" + kind + "\""
                + (session == null ? "" : ",\"session\":\"" + session + "\"") + "}";
    }

    /** Reports a position, and returns the token that comes back. */
    static String report(
            RunningRouter router,
            String shard,
            long term,
            String lsn,
            String kind,
            @Nullable String session,
            @Nullable String token) {
        Reply reply = router.post("/v1/positions", position(shard, term, lsn, kind, session), token);
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
        return token(reply);
    }

    static String token(Reply reply) {
        return reply.body().at("/token").asText();
    }

    /** The server that a lookup names. */
    static String server(Reply reply) {
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(200);
        return reply.body().at("/server/instance").asText();
    }

    static void assertProblem(Reply reply, int status, String type, String detail) {
        assertThat(reply.status()).as("%s", reply.body()).isEqualTo(status);
        assertThat(reply.body().at("/type").asText()).isEqualTo("urn:pgmosaic:problem:" + type);
        assertThat(reply.body().at("/detail").asText()).contains(detail);
    }
}
