package io.pgmosaic.router.http;

import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.Lsn;
import io.pgmosaic.protocol.MalformedJsonException;
import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/positions}.
 *
 * @param write whether it is of a write; else of a read
 * @param session null when the position goes into a token alone
 * @param instance the server that was used; null when the client does not say
 */
record PositionReport(
        String shard,
        LogPosition position,
        boolean write,
        @Nullable String session,
        @Nullable String instance) {
    /** Of a pod's name. */
    private static final int LONGEST_INSTANCE = 253;

    private static final String FORM = "the body is {\"shard\": \"...\", \"term\": <SHOW mosaic.term>, \"lsn\":"
            + " \"<pg_lsn>\", \"kind\": \"write\" or \"read\"}, and may have a session and an instance";

    private record Body(
            @Nullable String shard,
            @Nullable Long term,
            @Nullable String lsn,
            @Nullable String kind,
            @Nullable String session,
            @Nullable String instance) {}

    /** @throws ProblemException when it is not of that form */
    static PositionReport parse(byte[] json) throws ProblemException {
        Body body;
        try {
            body = Json.read(json, Body.class);
        } catch (MalformedJsonException e) {
            throw invalid(FORM);
        }
        if (body.shard() == null || body.term() == null || body.lsn() == null || body.kind() == null) {
            throw invalid(FORM);
        }
        if (body.term() < 1) {
            throw invalid("term is what SHOW mosaic.term says on the server that was used: 1 or more");
        }
        if (!body.kind().equals("write") && !body.kind().equals("read")) {
            throw invalid("kind is write or read, not " + Problem.quoted(body.kind()));
        }
        ReadGuarantee.checkSession(body.session());
        if (body.instance() != null
                && (body.instance().isEmpty() || body.instance().length() > LONGEST_INSTANCE)) {
            throw invalid("instance is the name of the server that was used, of 1 to " + LONGEST_INSTANCE
                    + " characters, as the lookup told it");
        }
        return new PositionReport(
                body.shard(),
                new LogPosition(body.term(), lsn(body.lsn())),
                body.kind().equals("write"),
                body.session(),
                body.instance());
    }

    private static Lsn lsn(String text) throws ProblemException {
        try {
            return Lsn.parse(text);
        } catch (IllegalArgumentException e) {
            throw invalid("lsn is a pg_lsn such as 16/B374D848, not " + Problem.quoted(text));
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.invalidRequest(detail));
    }
}
