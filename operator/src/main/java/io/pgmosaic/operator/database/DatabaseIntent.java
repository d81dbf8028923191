package io.pgmosaic.operator.database;

import io.pgmosaic.maps.PlacedTable;
import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.routing.map.ShardMap;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/**
 * How a shard's database is to be.
 *
 * @param server the shard's primary
 * @param database its name
 * @param owner the role that owns it
 * @param passwords of the roles
 * @param initialSql run once as the owner; null for none
 * @param map of the tables of no group
 * @param tables to guard, each by its own map; all of one version
 */
public record DatabaseIntent(
        ClusterKey cluster,
        String shard,
        DatabaseServer server,
        String database,
        String owner,
        Passwords passwords,
        @Nullable String initialSql,
        ShardMap map,
        List<PlacedTable> tables) {

    public DatabaseIntent {
        tables = List.copyOf(tables);
    }

    /** Passwords in plain text; never logged. */
    public record Passwords(String superuser, String setup, String monitor, String router, String owner) {
        /** That of the role with which rows move from shard to shard; the same on all of them. */
        public String move() {
            return sha256("mosaic move\n" + setup);
        }

        @Override
        public String toString() {
            return "Passwords[...]";
        }
    }

    /** Identifies the initial SQL; null when there is none. */
    public @Nullable String initialSqlChecksum() {
        return initialSql == null ? null : sha256(initialSql);
    }

    /** By which the shards sign and check tickets for values of lookup indexes; the same on all of them. */
    byte[] lookupSecret() {
        return digest("mosaic lookup tickets\n" + passwords.setup());
    }

    /** Differs whenever the database may have to be changed. */
    String fingerprint() {
        return sha256(String.join(
                "\n",
                server.authorityPem(),
                server.instance(),
                Long.toString(server.term()),
                database,
                owner,
                passwords.setup(),
                passwords.monitor(),
                passwords.router(),
                passwords.owner(),
                Objects.toString(initialSqlChecksum()),
                Long.toString(map.version()),
                tables.stream().map(PlacedTable::table).toList().toString()));
    }

    private static String sha256(String text) {
        return HexFormat.of().formatHex(digest(text));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
