package io.pgmosaic.operator.split.preflight;

import io.pgmosaic.operator.split.ShardDatabase;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether the source can be cloned: a clone is a copy of its whole server.
 *
 * @param bytes of all its databases
 * @param findings problems first
 */
public record CloneCheck(long bytes, List<PreflightFinding> findings) {
    private static final String SIZE = "SELECT sum(pg_database_size(oid))::int8 FROM pg_database";

    private static final String TABLESPACES =
            "SELECT spcname FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global') ORDER BY 1";

    /** As soon as a clone is promoted, its own would take the place of these at their publishers. */
    private static final String SUBSCRIPTIONS = "SELECT subname FROM pg_subscription ORDER BY 1";

    private static final String DATABASES = "SELECT datname FROM pg_database WHERE NOT datistemplate"
            + " AND datname NOT IN ('postgres', current_database()) ORDER BY 1";

    public CloneCheck {
        findings = List.copyOf(findings);
    }

    /** @param spareBytes of disk that a target has for rows; 0 when that is not known */
    public static CloneCheck of(ShardDatabase source, long spareBytes) throws SQLException {
        List<PreflightFinding> found = new ArrayList<>();
        try (Connection catalog = source.asSuperuser()) {
            long bytes = Rows.all(catalog, SIZE, row -> row.getLong(1)).getFirst();
            if (spareBytes > 0 && bytes > spareBytes) {
                found.add(PreflightFinding.problem(
                        "disk",
                        "shard " + source.shard() + " has " + bytes + " bytes, and a target has room for " + spareBytes,
                        "Give the shards larger volumes, or write strategy: Logical."));
            }
            for (String tablespace : Rows.texts(catalog, TABLESPACES)) {
                found.add(PreflightFinding.problem(
                        "tablespace " + tablespace,
                        "a base backup has no place for it at the target",
                        "Move what is in it to pg_default and drop it, or write strategy: Logical."));
            }
            for (String subscription : Rows.texts(catalog, SUBSCRIPTIONS)) {
                found.add(PreflightFinding.problem(
                        "subscription " + subscription,
                        "a clone would take changes in its name",
                        "Drop it, or write strategy: Logical."));
            }
            for (String database : Rows.texts(catalog, DATABASES)) {
                found.add(PreflightFinding.information(
                        "database " + database, "it is on shard " + source.shard() + " and will be on its clone, too"));
            }
            return new CloneCheck(bytes, found);
        }
    }
}
