package io.pgmosaic.router.http;

import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.routing.key.InvalidKeyException;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.RowColumn.Role;
import io.pgmosaic.routing.map.RowRange;
import io.pgmosaic.routing.map.TimeSpan;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** The query of {@code GET /v1/places}: a table and, each if it is given, a region and bounds of times and of keys. */
record PlacesQuery(
        String tableName,
        @Nullable String region,
        @Nullable String timeFrom,
        @Nullable String timeUntil,
        @Nullable String keyFrom,
        @Nullable String keyUntil) {
    private static final List<String> KNOWN =
            List.of("table", "region", "time.from", "time.until", "key.from", "key.until");

    /** @throws ProblemException for anything but these, and one table */
    static PlacesQuery parse(@Nullable String query) throws ProblemException {
        QueryParameters given = QueryParameters.parse(query, KNOWN);
        @Nullable String table = given.value("table");
        if (table == null || table.isEmpty()) {
            throw QueryParameters.invalid("name the table: table=<name> or table=<schema>.<name>");
        }
        return new PlacesQuery(
                table,
                given.value("region"),
                given.value("time.from"),
                given.value("time.until"),
                given.value("key.from"),
                given.value("key.until"));
    }

    /** @throws ProblemException when the table has nothing of that, or a bound is no value of its column */
    RowRange rows(TableRoute.Sharded table) throws ProblemException {
        if (region != null && table.key().column(Role.REGION) == null) {
            throw QueryParameters.invalid(table.name() + " has no column of role Region; leave out region");
        }
        if ((keyFrom != null || keyUntil != null) && !table.map().isOrdered()) {
            throw QueryParameters.invalid("rows of " + table.name()
                    + " are placed by hash, so keys beside each other are on every shard; leave out key.from and"
                    + " key.until");
        }
        KeyColumn first = table.key().key().columns().getFirst();
        try {
            return new RowRange(region, times(table), value(first, keyFrom), value(first, keyUntil));
        } catch (InvalidKeyException e) {
            throw new ProblemException(Problem.of(ProblemType.INVALID_KEY, String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException e) {
            throw QueryParameters.invalid(String.valueOf(e.getMessage()));
        }
    }

    private TimeSpan times(TableRoute.Sharded table) throws ProblemException {
        if (timeFrom == null && timeUntil == null) {
            return TimeSpan.ALWAYS;
        }
        @Nullable KeyColumn time = table.key().column(Role.TIME);
        if (time == null) {
            throw QueryParameters.invalid(
                    table.name() + " has no column of role Time; leave out time.from and time.until"
                            + (table.map().isOrdered() ? ", and bound the keys by key.from and key.until" : ""));
        }
        return new TimeSpan((KeyValue.Timestamp) value(time, timeFrom), (KeyValue.Timestamp) value(time, timeUntil));
    }

    private static @Nullable KeyValue value(KeyColumn column, @Nullable String text) {
        return text == null ? null : column.parse(text);
    }
}
