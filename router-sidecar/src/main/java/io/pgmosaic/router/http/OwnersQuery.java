package io.pgmosaic.router.http;

import io.pgmosaic.router.lookup.Intent;
import io.pgmosaic.router.lookup.TableRoute;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The query of {@code GET /v1/owners}.
 *
 * @param spread whether shards of different zones come first
 */
record OwnersQuery(String tableName, List<String> key, Map<String, String> named, int count, boolean spread) {
    private static final String NAMED = "key.";

    /** @throws ProblemException for anything but one table, key values of one form, a count and at most one spread */
    static OwnersQuery parse(@Nullable String query) throws ProblemException {
        Map<String, String> single = new LinkedHashMap<>();
        Map<String, String> named = new LinkedHashMap<>();
        List<String> key = new ArrayList<>();
        for (String part : (query == null ? "" : query).split("&", -1)) {
            int equals = part.indexOf('=');
            int nameEnd = equals < 0 ? part.length() : equals;
            String name = QueryParameters.decode(part, 0, nameEnd);
            String value = QueryParameters.decode(part, Math.min(nameEnd + 1, part.length()), part.length());
            if (name.equals("key")) {
                key.add(value);
            } else if (name.startsWith(NAMED) && name.length() > NAMED.length()) {
                putOnce(named, name.substring(NAMED.length()), value);
            } else if (List.of("table", "count", "spread").contains(name)) {
                putOnce(single, name, value);
            } else if (!part.isEmpty()) {
                throw QueryParameters.invalid("there is no parameter " + Problem.quoted(name)
                        + "; known are table, count, spread, key and key.<column>");
            }
        }
        String table = single.getOrDefault("table", "");
        if (table.isEmpty()) {
            throw QueryParameters.invalid("name the table: table=<name> or table=<schema>.<name>");
        }
        if (!key.isEmpty() && !named.isEmpty()) {
            throw QueryParameters.invalid("write the key either as key=... or as key.<column>=..., not both");
        }
        return new OwnersQuery(table, key, named, count(single.get("count")), spread(single.get("spread")));
    }

    private static void putOnce(Map<String, String> values, String name, String value) throws ProblemException {
        if (values.put(name, value) != null) {
            throw QueryParameters.invalid(Problem.quoted(name) + " is given twice");
        }
    }

    private static int count(@Nullable String text) throws ProblemException {
        if (text != null && text.matches("[0-9]{1,4}")) {
            return Integer.parseInt(text);
        }
        throw QueryParameters.invalid(
                "say how many: count=<number of shards>" + (text == null ? "" : ", not " + Problem.quoted(text)));
    }

    private static boolean spread(@Nullable String text) throws ProblemException {
        if (text == null || text.equals("zones")) {
            return text != null;
        }
        throw QueryParameters.invalid("spread is zones or is left out, not " + Problem.quoted(text));
    }

    /**
     * The key's texts in the order of its columns.
     *
     * @throws ProblemException when there are none, or the named ones are not the table's
     */
    List<@Nullable String> keyOf(TableRoute.Sharded table) throws ProblemException {
        return new RouteQuery(tableName, Intent.READ, key, named, RouteQuery.UNSAID, null, null, false, null)
                .keyOf(table);
    }
}
