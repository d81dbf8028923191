package io.pgmosaic.operator.split.verify;

import io.pgmosaic.operator.split.MovingTable;
import io.pgmosaic.routing.guard.SqlText;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The queries on one table of one side.
 *
 * <p>A row's hash is PostgreSQL's 64-bit hash of the text that the output functions of its columns' types give, as one text that tells
 * null from empty. Nothing coarser is exact: equality of types calls 1.0 and 1.00 equal, or 0 and -0, and their hashes follow it;
 * a row's binary form has numbers of types in it that are not the same on both sides. A row is made of named columns, since its
 * own type could have a cast to text that a user wrote, and columns may have another order there.
 *
 * @param condition which rows of the table there are compared
 * @param seed of the hashes, the same on both sides
 */
record TableQueries(TableShape shape, String condition, long seed) {
    private static final String ALIAS = SqlText.identifier(MovingTable.ALIAS);

    private static final String PLACE =
            ALIAS + ".tableoid::text || ' ' || " + ALIAS + ".ctid::text || ' ' || " + ALIAS + ".xmin::text";

    private String from() {
        return " FROM " + shape.table().qualifiedName() + " AS " + ALIAS;
    }

    private String hash(String row) {
        return "hashtextextended(ROW(" + row + ")::text COLLATE \"C\", " + seed + ")";
    }

    private String rowHash() {
        return hash(shape.columns().stream()
                .map(column -> ALIAS + "." + column.quoted())
                .collect(Collectors.joining(", ")));
    }

    private static String keyColumn(String name) {
        return ALIAS + "." + SqlText.identifier(name);
    }

    private static String blocks(Blocks blocks) {
        // The last chunk has no end: who knows where the table ends by the time it is read.
        return ALIAS + ".ctid >= '(" + blocks.first() + ",0)'"
                + (blocks.isLast() ? "" : " AND " + ALIAS + ".ctid < '(" + blocks.end() + ",0)'");
    }

    private String where(Blocks blocks) {
        return " WHERE " + blocks(blocks) + " AND (" + condition + ")";
    }

    /** A query for the blocks of the largest of the table's heaps: itself, its partitions, its children. */
    String blockCount() {
        return "WITH RECURSIVE heap (oid) AS (SELECT "
                + SqlText.literal(shape.table().qualifiedName())
                + "::regclass::oid UNION SELECT i.inhrelid FROM pg_inherits AS i JOIN heap ON i.inhparent = heap.oid)"
                + " SELECT coalesce(max(pg_relation_size(c.oid)), 0) / current_setting('block_size')::bigint"
                + " FROM heap JOIN pg_class AS c ON c.oid = heap.oid WHERE c.relkind = 'r'";
    }

    /** A query for bucket, number of rows and sum of their hashes, of the rows in some blocks. */
    String sums(Blocks blocks, int buckets) {
        // OFFSET 0: or the hash would be computed once for each time that it is named.
        return "SELECT (h & " + (buckets - 1) + ")::int, count(*), sum(h) FROM (SELECT " + rowHash() + " AS h" + from()
                + where(blocks) + " OFFSET 0) AS x GROUP BY 1";
    }

    /** A query for hash and key of the rows in some buckets. */
    String rows(Blocks blocks, int buckets, Collection<Integer> wanted, long limit) {
        List<String> inner = new ArrayList<>();
        List<String> outer = new ArrayList<>();
        for (int i = 0; i < shape.key().size(); i++) {
            inner.add(keyColumn(shape.key().get(i)) + " AS k" + i);
            outer.add("format('%s', x.k" + i + ")");
        }
        String list = wanted.stream().map(String::valueOf).collect(Collectors.joining(","));
        return "SELECT h, " + String.join(", ", outer) + " FROM (SELECT "
                + rowHash() + " AS h, " + String.join(", ", inner) + from() + where(blocks)
                + " OFFSET 0) AS x WHERE (h & " + (buckets - 1) + ")::int = ANY ('{" + list + "}'::int[]) LIMIT "
                + limit;
    }

    /** A query for the keys of the rows of which a condition on the table's system columns holds. */
    String keys(Blocks blocks, String touched, long limit) {
        return "SELECT "
                + shape.key().stream()
                        .map(name -> "format('%s', " + keyColumn(name) + ")")
                        .collect(Collectors.joining(", "))
                + from() + " WHERE (" + touched.formatted(ALIAS) + ") AND " + blocks(blocks) + " AND (" + condition
                + ") LIMIT " + limit;
    }

    /** A query for hash, place, the hash of each column, and key, of the rows with some keys. */
    String named(Collection<RowKey> keys) {
        String columns = shape.columns().stream()
                .map(column -> hash(ALIAS + "." + column.quoted()))
                .collect(Collectors.joining(", "));
        return "SELECT " + rowHash() + ", " + PLACE + ", ARRAY[" + columns + "]::bigint[], "
                + shape.key().stream()
                        .map(name -> "format('%s', " + keyColumn(name) + ")")
                        .collect(Collectors.joining(", "))
                + from() + " WHERE " + isOneOf(keys) + " AND (" + condition + ")";
    }

    /** A query that locks the rows with some keys against changes, and gives their places. */
    String lock(Collection<RowKey> keys) {
        return "SELECT " + PLACE + from() + " WHERE " + isOneOf(keys) + " FOR SHARE OF " + ALIAS;
    }

    String delete(Collection<RowKey> keys) {
        return "DELETE" + from() + " WHERE " + isOneOf(keys) + " AND (" + condition + ")";
    }

    String copyOut(Collection<RowKey> keys) {
        return "COPY (SELECT " + writable(ALIAS + ".") + from() + " WHERE " + isOneOf(keys) + " AND (" + condition
                + ")) TO STDOUT";
    }

    String copyIn() {
        return "COPY " + shape.table().qualifiedName() + " (" + writable("") + ") FROM STDIN";
    }

    private String writable(String prefix) {
        return shape.columns().stream()
                .filter(column -> !column.isGenerated())
                .map(column -> prefix + column.quoted())
                .collect(Collectors.joining(", "));
    }

    /** Literals without a type take that of the column, so that its index is of use. */
    private String isOneOf(Collection<RowKey> keys) {
        List<String> names = shape.key();
        if (names.size() == 1) {
            return keyColumn(names.getFirst()) + " IN ("
                    + keys.stream()
                            .map(key -> SqlText.literal(key.values().getFirst()))
                            .collect(Collectors.joining(", "))
                    + ")";
        }
        return keys.stream()
                .map(key -> IntStream.range(0, names.size())
                        .mapToObj(i -> keyColumn(names.get(i)) + " = "
                                + SqlText.literal(key.values().get(i)))
                        .collect(Collectors.joining(" AND ", "(", ")")))
                .collect(Collectors.joining(" OR ", "(", ")"));
    }
}
