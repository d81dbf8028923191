package io.pgmosaic.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.client.connection.CheckedConnection;
import io.pgmosaic.client.connection.ServerFacts;
import io.pgmosaic.client.connection.Servers;
import io.pgmosaic.client.topology.Position;
import io.pgmosaic.client.topology.RouterConnection;
import io.pgmosaic.client.topology.ShardServers;
import io.pgmosaic.client.topology.Topology;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes tokens of contexts. Only a router can sign one, so it is asked when somebody wants a token, and not before. */
final class Tokens {
    private final RouterConnection router;
    private final Servers servers;
    private final Retries retries;

    Tokens(RouterConnection router, Servers servers, Retries retries) {
        this.router = router;
        this.servers = servers;
        this.retries = retries;
    }

    /**
     * A token with all that the context has.
     *
     * @throws IllegalArgumentException when a token that was put into the context is none
     */
    String of(CausalContext context) throws SQLException {
        for (String shard : context.state().doubts().keySet()) {
            findOut(shard, context);
        }
        CausalContext.State state = context.state();
        try {
            String token = merged(state);
            for (String shard : state.untold()) {
                Position position = state.reached().get(shard);
                if (position != null) {
                    token = with(shard, position, token);
                }
            }
            if (token == null) {
                token = token(router.post("/v1/tokens/merge", Map.of("tokens", List.of()), null));
            }
            context.told(state, token);
            return token;
        } catch (IOException e) {
            throw RouterLookups.failed(e);
        }
    }

    private @Nullable String merged(CausalContext.State state) throws IOException {
        List<String> tokens = new ArrayList<>(state.foreign());
        if (state.token() != null && !tokens.contains(state.token())) {
            tokens.add(state.token());
        }
        return switch (tokens.size()) {
            case 0 -> null;
            case 1 -> tokens.getFirst();
            default -> token(router.post("/v1/tokens/merge", Map.of("tokens", tokens), null));
        };
    }

    private String with(String shard, Position position, @Nullable String token) throws IOException {
        return token(router.post(
                "/v1/positions",
                Map.of("shard", shard, "term", position.term(), "lsn", position.text(), "kind", "write"),
                token));
    }

    private static String token(JsonNode answer) {
        return answer.path("token").asText();
    }

    private void findOut(String shard, CausalContext context) throws SQLException {
        retries.run(topology -> {
            findOut(topology, topology.shard(shard), context);
            return shard;
        });
    }

    /** Up to where something was written, by asking the primary. */
    void findOut(Topology topology, ShardServers shard, CausalContext context) throws SQLException {
        try (CheckedConnection primary = servers.primary(topology, shard, context.leastTerm(shard.shard()))) {
            long doubts = context.doubtsSoFar();
            context.primaryWasAt(
                    shard.shard(), ServerFacts.of(primary.connection()).position(), doubts);
        }
    }
}
