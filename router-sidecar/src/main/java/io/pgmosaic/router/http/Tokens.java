package io.pgmosaic.router.http;

import io.pgmosaic.router.consistency.CausalToken;
import io.pgmosaic.router.consistency.TokenCodec;
import io.pgmosaic.router.consistency.TokenException;
import io.pgmosaic.router.lookup.RoutingTable;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/** Causal tokens as requests carry them. */
final class Tokens {
    static final CharSequence HEADER = HttpHeaders.createOptimized("X-Causal-Token");

    private final TokenCodec codec;

    Tokens(TokenCodec codec) {
        this.codec = codec;
    }

    /** Null for a request that shows none. */
    static @Nullable String shown(HttpServerRequest request) {
        return request.getHeader(HEADER);
    }

    /**
     * The token that a guarantee rests on; null when it rests on a session, or on nothing that a reader did.
     *
     * @param shown the header's value; null when there is none
     * @throws ProblemException when it is needed and missing, or there is a session too, or it is not to be believed
     */
    @Nullable
    CausalToken of(@Nullable ReadGuarantee guarantee, @Nullable String shown, RoutingTable table)
            throws ProblemException {
        if (guarantee == null || !guarantee.consistency().isOfAReader()) {
            return null;
        }
        String consistency = guarantee.consistency().text();
        if (guarantee.session() != null) {
            if (shown != null) {
                throw new ProblemException(Problem.invalidRequest("consistency=" + consistency
                        + " goes by a session or by the header X-Causal-Token; send one of them, not both"));
            }
            return null;
        }
        if (shown == null) {
            throw new ProblemException(Problem.invalidRequest("consistency=" + consistency
                    + " has to know who reads: write session=<name>, or send the header X-Causal-Token; POST"
                    + " /v1/tokens/merge with {\"tokens\": []} makes an empty token to begin with"));
        }
        return read(shown, table);
    }

    /** @throws ProblemException when it is not to be believed */
    CausalToken read(String shown, RoutingTable table) throws ProblemException {
        try {
            return codec.read(shown, table.topology().clusterUid(), table.shardNames());
        } catch (TokenException e) {
            throw new ProblemException(Problem.of(e));
        }
    }

    /** @throws ProblemException when the router has no keys */
    String write(CausalToken token, RoutingTable table) throws ProblemException {
        try {
            return codec.write(token, table.topology().clusterUid());
        } catch (TokenException e) {
            throw new ProblemException(Problem.of(e));
        }
    }
}
