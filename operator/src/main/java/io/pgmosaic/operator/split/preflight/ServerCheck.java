package io.pgmosaic.operator.split.preflight;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Whether a server can take part: its settings, what is free of them, and what is going on there. */
final class ServerCheck {
    /** Sends one stream and receives the other, for each target; the copy takes one more for a moment. */
    private record Room(String setting, int most, int used, int needed) {
        boolean isEnough() {
            return most - used >= needed;
        }
    }

    private static final String ROOM = """
            SELECT current_setting('max_replication_slots')::int, (SELECT count(*) FROM pg_replication_slots)
                     + (SELECT count(*) FROM pg_replication_origin),
                   current_setting('max_wal_senders')::int, (SELECT count(*) FROM pg_stat_replication),
                   current_setting('max_logical_replication_workers')::int,
                   (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'logical replication worker'),
                   current_setting('max_worker_processes')::int,
                   (SELECT count(*) FROM pg_stat_activity WHERE backend_type IN ('parallel worker',
                     'logical replication launcher', 'logical replication worker', 'background worker'))
            """;

    private static final String OLD_TRANSACTIONS = """
            SELECT format('session %s of %s, for %s s', pid, usename, extract(epoch FROM now() - xact_start)::int)
            FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
              AND xact_start < now() - make_interval(secs => ?) ORDER BY xact_start LIMIT 5
            """;

    private final Connection catalog;
    private final String shard;
    private final Preflight.Limits limits;

    ServerCheck(Connection catalog, String shard, Preflight.Limits limits) {
        this.catalog = catalog;
        this.shard = shard;
        this.limits = limits;
    }

    List<PreflightFinding> findings() throws SQLException {
        List<PreflightFinding> found = new ArrayList<>();
        String level =
                Rows.texts(catalog, "SELECT current_setting('wal_level')").getFirst();
        if (!level.equals("logical")) {
            found.add(PreflightFinding.problem(
                    "wal_level",
                    "shard " + shard + " runs with wal_level " + level,
                    "Restart its instances; PgMosaic sets wal_level to logical."));
        }
        int streams = limits.targets();
        List<Room> rooms = Rows.all(
                        catalog,
                        ROOM,
                        row -> List.of(
                                new Room("max_replication_slots", row.getInt(1), row.getInt(2), 2 * streams),
                                new Room("max_wal_senders", row.getInt(3), row.getInt(4), streams + 1),
                                new Room("max_logical_replication_workers", row.getInt(5), row.getInt(6), streams),
                                new Room("max_worker_processes", row.getInt(7), row.getInt(8), streams)))
                .getFirst();
        for (Room room : rooms) {
            if (!room.isEnough()) {
                found.add(PreflightFinding.problem(
                        room.setting(),
                        room.setting() + " of shard " + shard + " is " + room.most() + " and " + room.used()
                                + " are taken; the split needs " + room.needed(),
                        "Set postgresql.parameters." + room.setting() + " to at least " + (room.used() + room.needed())
                                + "."));
            }
        }
        return found;
    }

    /** What matters where the slot is made. */
    List<PreflightFinding> ofSource() throws SQLException {
        List<PreflightFinding> found = new ArrayList<>();
        int streaming = Rows.all(
                        catalog,
                        "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
                                + " AND application_name NOT LIKE 'mosaic\\_s\\_%'",
                        row -> row.getInt(1))
                .getFirst();
        if (streaming < limits.standbys()) {
            found.add(PreflightFinding.problem(
                    "standbys",
                    streaming + " of " + limits.standbys() + " standbys of shard " + shard + " stream",
                    "Wait until they do, or look at the shard's conditions."));
        }
        for (String transaction : Rows.texts(
                catalog, OLD_TRANSACTIONS, (double) limits.longestTransaction().toSeconds())) {
            found.add(PreflightFinding.problem(
                    "transactions",
                    "a transaction is open on shard " + shard + ": " + transaction,
                    "The split waits for every transaction that is open when it begins. End it, or the session."));
        }
        for (String prepared :
                Rows.texts(catalog, "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()")) {
            found.add(PreflightFinding.problem(
                    "prepared transactions",
                    "prepared transaction '" + prepared + "' is open on shard " + shard,
                    "COMMIT PREPARED or ROLLBACK PREPARED it."));
        }
        return found;
    }
}
