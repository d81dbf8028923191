package io.pgmosaic.local.chaos;

import io.pgmosaic.checker.Violation;
import io.pgmosaic.checker.accounts.Account;
import io.pgmosaic.checker.accounts.AccountState;
import io.pgmosaic.checker.accounts.AccountTables;
import io.pgmosaic.client.TableKey;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What there is in all databases when a split has ended and nobody writes: all that was acknowledged, once, in its place, and nothing of the split. */
final class SplitInspection {
    private static final String LEFT = """
            SELECT 'slot ' || slot_name FROM pg_replication_slots WHERE slot_type = 'logical'
            UNION ALL SELECT 'subscription ' || subname FROM pg_subscription
            UNION ALL SELECT 'publication ' || pubname FROM pg_publication
            UNION ALL SELECT 'origin ' || roname FROM pg_replication_origin
            UNION ALL SELECT 'event trigger ' || evtname FROM pg_event_trigger
            UNION ALL SELECT 'trigger ' || tgname FROM pg_trigger WHERE tgname LIKE 'mosaic\\_s\\_%'
            UNION ALL SELECT 'record ' || stem FROM mosaic.moving
            UNION ALL SELECT 'superuser ' || rolname FROM pg_roles WHERE rolname = 'mosaic_move' AND rolsuper
            UNION ALL SELECT 'freeze of version ' || version FROM mosaic.shard_map WHERE frozen_version = version
            """;

    private final AccountHolders holders;
    private final List<Violation> violations = new ArrayList<>();
    private final Map<Long, List<String>> placesOfAccounts = new TreeMap<>();
    private final Map<Long, AccountState> states = new HashMap<>();
    private final Map<Long, List<String>> placesOfBallast = new TreeMap<>();

    private SplitInspection(AccountHolders holders) {
        this.holders = holders;
    }

    static List<Violation> of(Patient patient, AccountHolders holders) throws SQLException {
        SplitInspection inspection = new SplitInspection(holders);
        for (String shard : patient.shards()) {
            try (Connection connection = patient.superuser(shard)) {
                inspection.read(shard, connection);
            }
        }
        inspection.compare();
        return inspection.violations;
    }

    /** What splits have left, each with its shard; empty when there is nothing. */
    static List<String> left(Patient patient) throws SQLException {
        List<String> left = new ArrayList<>();
        for (String shard : patient.shards()) {
            try (Connection connection = patient.superuser(shard);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(LEFT)) {
                while (row.next()) {
                    left.add(shard + ": " + row.getString(1));
                }
            }
        }
        return left;
    }

    private void read(String shard, Connection connection) throws SQLException {
        AccountTables.all(connection).forEach((key, state) -> {
            placesOfAccounts.computeIfAbsent(key, none -> new ArrayList<>()).add(shard);
            states.put(key, state);
        });
        for (long key : AccountTables.ballast(connection)) {
            placesOfBallast.computeIfAbsent(key, none -> new ArrayList<>()).add(shard);
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + AccountTables.UNITS)) {
            row.next();
            if (row.getInt(1) != 2) {
                violations.add(new Violation("reference table", shard + " has " + row.getInt(1) + " rows of 2"));
            }
        }
    }

    private void compare() throws SQLException {
        for (Account account : holders.accounts()) {
            inPlace(AccountTables.ACCOUNTS, account.key(), placesOfAccounts);
            account.check(
                            states.getOrDefault(account.key(), AccountState.NONE),
                            "after a split, on " + placesOfAccounts.get(account.key()))
                    .ifPresent(violations::add);
        }
        for (long key : holders.ballast()) {
            inPlace(AccountTables.BALLAST, key, placesOfBallast);
            if (!placesOfBallast.containsKey(key)) {
                violations.add(new Violation("row lost", AccountTables.BALLAST + " has no key " + key));
            }
        }
        if (!Set.copyOf(holders.ballast()).containsAll(placesOfBallast.keySet())) {
            violations.add(new Violation("row that nobody wrote", AccountTables.BALLAST + " has other keys"));
        }
    }

    private void inPlace(String table, long key, Map<Long, List<String>> places) throws SQLException {
        List<String> found = places.getOrDefault(key, List.of());
        String owner = holders.client().shardOf(TableKey.of(table, key));
        if (!found.isEmpty() && !found.equals(List.of(owner))) {
            violations.add(new Violation(
                    "row in a wrong place", table + ", key " + key + " is on " + found + " and belongs on " + owner));
        }
    }
}
