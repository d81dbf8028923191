package io.pgmosaic.router.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.pgmosaic.router.lookup.Intent;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of {@code POST /v1/route}. Read token by token with the limits applied on the way, so that a hostile body
 * costs no more memory than itself.
 *
 * @param guarantee null when none is asked for
 * @param session of writes; null otherwise
 * @param refresh whether what the router remembers of a directory will not do
 */
record BatchRequest(
        String tableName,
        Intent intent,
        List<BatchKey> keys,
        @Nullable ReadGuarantee guarantee,
        @Nullable String session,
        boolean refresh,
        @Nullable Integer priority) {
    static final int MAX_KEYS = 10_000;

    private static final int MAX_COLUMNS = 32;
    private static final JsonFactory JSON = new JsonFactory();
    private static final String FORM =
            "the body is {\"table\": \"...\", \"intent\": \"read\" or \"write\", \"keys\": [...]}, and may have"
                    + " consistency, maxLagMs, session, otherwise, refresh and priority";

    /** @throws ProblemException when it is not of that form or has more than {@link #MAX_KEYS} keys */
    static BatchRequest parse(byte[] body) throws ProblemException {
        try (JsonParser parser = JSON.createParser(body)) {
            return parse(parser);
        } catch (IOException e) {
            throw invalid("the body is not JSON; " + FORM);
        }
    }

    private static BatchRequest parse(JsonParser parser) throws IOException, ProblemException {
        @Nullable String table = null;
        @Nullable String intent = null;
        @Nullable List<BatchKey> keys = null;
        @Nullable String consistency = null;
        @Nullable String maxLag = null;
        @Nullable String session = null;
        @Nullable String otherwise = null;
        @Nullable String priority = null;
        boolean refresh = false;
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw invalid(FORM);
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "table" -> table = text(parser, name);
                case "intent" -> intent = text(parser, name);
                case "keys" -> keys = keys(parser);
                case "consistency" -> consistency = text(parser, name);
                case "maxLagMs" -> maxLag = number(parser, name);
                case "session" -> session = text(parser, name);
                case "otherwise" -> otherwise = text(parser, name);
                case "priority" -> priority = number(parser, name);
                case "refresh" -> refresh = truth(parser, name);
                default -> throw invalid("there is no member " + Problem.quoted(name) + "; " + FORM);
            }
        }
        if (parser.nextToken() != null) {
            throw invalid("there is more than one JSON value; " + FORM);
        }
        if (table == null || table.isEmpty()) {
            throw invalid("name the table; " + FORM);
        }
        if (keys == null) {
            throw invalid("give the keys; " + FORM);
        }
        Intent meant = RouteQuery.intent(intent);
        return new BatchRequest(
                table,
                meant,
                keys,
                ReadGuarantee.of(meant, consistency, maxLag, session, otherwise),
                meant == Intent.WRITE ? session : null,
                refresh,
                priority == null ? null : Priorities.parse(priority));
    }

    private static boolean truth(JsonParser parser, String name) throws ProblemException {
        if (!parser.currentToken().isBoolean()) {
            throw invalid(name + " is true or false; " + FORM);
        }
        return parser.currentToken() == JsonToken.VALUE_TRUE;
    }

    private static String number(JsonParser parser, String name) throws IOException, ProblemException {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw invalid(name + " must be a whole number; " + FORM);
        }
        return parser.getText();
    }

    private static String text(JsonParser parser, String name) throws IOException, ProblemException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw invalid(name + " must be a string; " + FORM);
        }
        return parser.getText();
    }

    private static List<BatchKey> keys(JsonParser parser) throws IOException, ProblemException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw invalid("keys must be an array; " + FORM);
        }
        List<BatchKey> keys = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (keys.size() == MAX_KEYS) {
                throw invalid("more than " + MAX_KEYS + " keys; split them over several requests");
            }
            keys.add(
                    parser.currentToken() == JsonToken.START_ARRAY
                            ? compound(parser)
                            : new BatchKey(List.of(value(parser))));
        }
        return keys;
    }

    private static BatchKey compound(JsonParser parser) throws IOException, ProblemException {
        List<BatchKey.Value> values = new ArrayList<>(2);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (values.size() == MAX_COLUMNS) {
                throw invalid("a key of more than " + MAX_COLUMNS + " values");
            }
            values.add(value(parser));
        }
        return new BatchKey(values);
    }

    private static BatchKey.Value value(JsonParser parser) throws IOException, ProblemException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> new BatchKey.Value(parser.getText(), BatchKey.Form.STRING);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new BatchKey.Value(parser.getText(), BatchKey.Form.NUMBER);
            case VALUE_NULL -> new BatchKey.Value("null", BatchKey.Form.NULL);
            case VALUE_TRUE, VALUE_FALSE -> new BatchKey.Value(parser.getText(), BatchKey.Form.OTHER);
            case null, default -> throw invalid("a key is a string, a whole number, or an array of those");
        };
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.invalidRequest(detail));
    }
}
