package io.pgmosaic.router.http;

import io.pgmosaic.router.lookup.Intent;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.routing.map.RowColumn;
import io.pgmosaic.routing.map.RowSchema;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The query of {@code GET /v1/route}.
 *
 * @param key values of {@code key=}, in the order given
 * @param named values of {@code key.<column>=}; empty when {@code key} is not
 * @param waitMillis how long the answer may wait for a server; 0 for not at all, {@link #UNSAID} when it is not given
 * @param guarantee null when none is asked for
 * @param session of a write; null otherwise
 * @param refresh whether what the router remembers of a directory will not do
 * @param priority null when the query does not say; a header may
 */
record RouteQuery(
        String tableName,
        Intent intent,
        List<String> key,
        Map<String, String> named,
        int waitMillis,
        @Nullable ReadGuarantee guarantee,
        @Nullable String session,
        boolean refresh,
        @Nullable Integer priority) {
    static final int UNSAID = -1;

    private static final String NAMED = "key.";

    /** @throws ProblemException for anything but one table, at most one intent and wait, and key values of one form */
    static RouteQuery parse(@Nullable String query) throws ProblemException {
        @Nullable String table = null;
        @Nullable String intent = null;
        @Nullable String wait = null;
        @Nullable String consistency = null;
        @Nullable String maxLag = null;
        @Nullable String session = null;
        @Nullable String otherwise = null;
        @Nullable String priority = null;
        @Nullable String refresh = null;
        List<String> key = new ArrayList<>(2);
        Map<String, String> named = Map.of();
        String text = query == null ? "" : query;
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('&', from);
            int to = end < 0 ? text.length() : end;
            if (to > from) {
                int equals = text.indexOf('=', from);
                int nameEnd = equals < 0 || equals > to ? to : equals;
                String name = QueryParameters.decode(text, from, nameEnd);
                String value = QueryParameters.decode(text, Math.min(nameEnd + 1, to), to);
                switch (name) {
                    case "table" -> table = once(name, table, value);
                    case "intent" -> intent = once(name, intent, value);
                    case "wait" -> wait = once(name, wait, value);
                    case "key" -> key.add(value);
                    case "consistency" -> consistency = once(name, consistency, value);
                    case "maxLagMs" -> maxLag = once(name, maxLag, value);
                    case "session" -> session = once(name, session, value);
                    case "otherwise" -> otherwise = once(name, otherwise, value);
                    case "priority" -> priority = once(name, priority, value);
                    case "refresh" -> refresh = once(name, refresh, value);
                    default -> named = withNamed(named, name, value);
                }
            }
            from = to + 1;
        }
        if (table == null || table.isEmpty()) {
            throw QueryParameters.invalid("name the table: table=<name> or table=<schema>.<name>");
        }
        if (!key.isEmpty() && !named.isEmpty()) {
            throw QueryParameters.invalid("write the key either as key=... or as key.<column>=..., not both");
        }
        Intent meant = intent(intent);
        return new RouteQuery(
                table,
                meant,
                key,
                named,
                waitMillis(wait),
                ReadGuarantee.of(meant, consistency, maxLag, session, otherwise),
                meant == Intent.WRITE ? session : null,
                refresh(refresh),
                priority == null ? null : Priorities.parse(priority));
    }

    /** @throws ProblemException for another text than {@code true}, {@code false} or none */
    static boolean refresh(@Nullable String text) throws ProblemException {
        if (text == null || text.equals("true") || text.equals("false")) {
            return "true".equals(text);
        }
        throw QueryParameters.invalid("refresh is true or false, not " + Problem.quoted(text));
    }

    /** @throws ProblemException for another text than {@code read}, {@code write} or none, which means {@code write} */
    static Intent intent(@Nullable String text) throws ProblemException {
        if (text == null || text.equals("write")) {
            return Intent.WRITE;
        }
        if (text.equals("read")) {
            return Intent.READ;
        }
        throw QueryParameters.invalid("intent is read or write, not " + Problem.quoted(text));
    }

    private static int waitMillis(@Nullable String text) throws ProblemException {
        if (text == null) {
            return UNSAID;
        }
        try {
            int millis = Integer.parseInt(text);
            if (millis >= 0 && millis <= WaitingLookups.LONGEST_MILLIS) {
                return millis;
            }
        } catch (NumberFormatException notANumber) {
            // Answered like a number that is out of range.
        }
        throw QueryParameters.invalid("wait is a number of milliseconds from 0 to " + WaitingLookups.LONGEST_MILLIS
                + ", not " + Problem.quoted(text));
    }

    /**
     * The key's texts in the order of its columns.
     *
     * @throws ProblemException when there are none, or the named ones are not the table's
     */
    List<@Nullable String> keyOf(TableRoute.Sharded table) throws ProblemException {
        RowSchema schema = table.key();
        if (named.isEmpty()) {
            if (key.isEmpty()) {
                throw Lookups.refused(table, intent, "give the key: one key=<value> for each of " + columns(schema));
            }
            return List.copyOf(key);
        }
        List<@Nullable String> values = new ArrayList<>(schema.columns().size());
        int used = 0;
        for (RowColumn column : schema.columns()) {
            @Nullable String value = named.get(column.column().name());
            if (value == null && !column.mayBeMissing()) {
                throw wrongColumns(table);
            }
            used += value == null ? 0 : 1;
            values.add(value);
        }
        if (used != named.size()) {
            throw wrongColumns(table);
        }
        return values;
    }

    private ProblemException wrongColumns(TableRoute.Sharded table) {
        return Lookups.refused(
                table,
                intent,
                "the key's columns are " + columns(table.key())
                        + "; give key.<column>=<value> for each of them and no other");
    }

    private static String columns(RowSchema schema) {
        return String.join(
                ", ",
                schema.columns().stream().map(column -> column.column().name()).toList());
    }

    private static String once(String name, @Nullable String before, String value) throws ProblemException {
        if (before != null) {
            throw QueryParameters.invalid(name + " is given twice");
        }
        return value;
    }

    private static Map<String, String> withNamed(Map<String, String> named, String name, String value)
            throws ProblemException {
        if (!name.startsWith(NAMED) || name.length() == NAMED.length()) {
            throw QueryParameters.invalid(
                    "there is no parameter " + Problem.quoted(name)
                            + "; known are table, intent, consistency, maxLagMs, session, otherwise, wait, refresh, priority, key and key.<column>");
        }
        Map<String, String> more = named.isEmpty() ? new LinkedHashMap<>() : named;
        if (more.put(name.substring(NAMED.length()), value) != null) {
            throw QueryParameters.invalid(Problem.quoted(name) + " is given twice");
        }
        return more;
    }
}
