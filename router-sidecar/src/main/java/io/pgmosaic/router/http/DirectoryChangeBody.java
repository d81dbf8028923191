package io.pgmosaic.router.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.pgmosaic.protocol.topology.DirectoryChange;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of {@code PUT} and {@code DELETE /v1/directory}. Read token by token with the limits applied on the way, so that a
 * hostile body costs no more memory than itself.
 */
final class DirectoryChangeBody {
    private static final int MAX_COLUMNS = 32;
    private static final JsonFactory JSON = new JsonFactory();
    private static final String FORM =
            "the body is {\"table\": \"...\", \"entries\": [{\"key\": [...], \"shard\": \"...\"}]}";

    private final JsonParser parser;

    private DirectoryChangeBody(JsonParser parser) {
        this.parser = parser;
    }

    /** @throws ProblemException when it is not of that form, or asks for nothing, or for too much */
    static DirectoryChange parse(byte[] body, DirectoryChange.Action action) throws ProblemException {
        try (JsonParser parser = JSON.createParser(body)) {
            return new DirectoryChangeBody(parser).change(action);
        } catch (IOException e) {
            throw invalid("it is not JSON");
        } catch (IllegalArgumentException e) {
            throw invalid(String.valueOf(e.getMessage()));
        }
    }

    private DirectoryChange change(DirectoryChange.Action action) throws IOException, ProblemException {
        @Nullable String table = null;
        List<DirectoryChange.Entry> entries = List.of();
        requireStart(JsonToken.START_OBJECT, parser.nextToken(), "it is no object");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "table" -> table = text(name);
                case "entries" -> entries = entries();
                default -> throw invalid("there is no member " + Problem.quoted(name));
            }
        }
        if (parser.nextToken() != null) {
            throw invalid("there is more than one JSON value");
        }
        if (table == null || table.isEmpty()) {
            throw invalid("name the table");
        }
        return new DirectoryChange(table, action, entries);
    }

    private List<DirectoryChange.Entry> entries() throws IOException, ProblemException {
        requireStart(JsonToken.START_ARRAY, parser.currentToken(), "entries is an array");
        List<DirectoryChange.Entry> entries = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (entries.size() == DirectoryChange.MOST_ENTRIES) {
                throw invalid("there are more than " + DirectoryChange.MOST_ENTRIES
                        + " entries; split them over several requests");
            }
            entries.add(entry());
        }
        return entries;
    }

    private DirectoryChange.Entry entry() throws IOException, ProblemException {
        requireStart(JsonToken.START_OBJECT, parser.currentToken(), "an entry is an object");
        List<@Nullable String> key = List.of();
        @Nullable String shard = null;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "key" -> key = key();
                case "shard" -> shard = parser.currentToken() == JsonToken.VALUE_NULL ? null : text(name);
                default -> throw invalid("an entry has no member " + Problem.quoted(name));
            }
        }
        return new DirectoryChange.Entry(key, shard);
    }

    private List<@Nullable String> key() throws IOException, ProblemException {
        requireStart(JsonToken.START_ARRAY, parser.currentToken(), "a key is an array");
        List<@Nullable String> values = new ArrayList<>(2);
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (values.size() == MAX_COLUMNS) {
                throw invalid("a key has more than " + MAX_COLUMNS + " values");
            }
            switch (parser.currentToken()) {
                case VALUE_STRING, VALUE_NUMBER_INT -> values.add(parser.getText());
                case VALUE_NULL -> values.add(null);
                case null, default -> throw invalid("a key's value is a string, a whole number or null");
            }
        }
        return values;
    }

    private String text(String name) throws IOException, ProblemException {
        if (parser.currentToken() != JsonToken.VALUE_STRING) {
            throw invalid(name + " is a string");
        }
        return parser.getText();
    }

    private static void requireStart(JsonToken wanted, @Nullable JsonToken found, String otherwise)
            throws ProblemException {
        if (found != wanted) {
            throw invalid(otherwise);
        }
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.invalidRequest(FORM + ": " + detail));
    }
}
