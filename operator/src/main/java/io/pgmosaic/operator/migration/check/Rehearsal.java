package io.pgmosaic.operator.migration.check;

import io.pgmosaic.api.v1alpha1.migration.SafetyFinding;
import io.pgmosaic.operator.migration.backfill.KeyOrder;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Runs the statements of a migration, one after the other, where there are no rows, and tells what PostgreSQL did for each of them: which
 * tables it locked, looked through and wrote anew. So it is PostgreSQL that reads the statements, and what a function or a trigger
 * does is seen, too.
 */
public final class Rehearsal {
    /** It counts what earlier transactions of the session did, too, until PostgreSQL has told that to all. */
    private static final String SCANS =
            "SELECT relid, coalesce(seq_scan, 0) + coalesce(idx_scan, 0) FROM pg_catalog.pg_stat_xact_user_tables";

    private static final String LOCKS = "SELECT relation, mode FROM pg_catalog.pg_locks"
            + " WHERE pid = pg_catalog.pg_backend_pid() AND locktype = 'relation' AND granted";

    private final Connection session;
    private final TableSizes sizes;

    /** @param session in a {@link RehearsalDatabase}; it commits what is rehearsed there */
    public Rehearsal(Connection session, TableSizes sizes) {
        this.session = session;
        this.sizes = sizes;
    }

    /**
     * All that was found, up to the first statement that cannot run.
     *
     * @throws SQLException when the session is lost
     */
    public Rehearsed of(List<RehearsedStatement> statements) throws SQLException {
        session.setAutoCommit(true);
        Catalog start = Catalog.read(session);
        SafetyRules rules = new SafetyRules(start, sizes);
        List<SafetyFinding> findings = new ArrayList<>();
        Set<String> touched = new TreeSet<>();
        Set<String> made = new TreeSet<>();
        for (RehearsedStatement statement : statements) {
            try {
                Effect effect = run(statement);
                rules.hazards(statement, effect)
                        .forEach((hazard, message) -> findings.add(finding(hazard, statement, message)));
                start.tables()
                        .filter(table -> effect.touches(table.getKey()))
                        .forEach(table -> touched.add(table.getValue().name()));
                effect.made().forEach(made::add);
            } catch (SQLException e) {
                if (session.isClosed() || !session.isValid(0)) {
                    throw e;
                }
                findings.add(
                        finding(Hazard.CANNOT_RUN, statement, text(e) + ". Statements after it were not looked at"));
                return new Rehearsed(findings, touched, made);
            }
        }
        return new Rehearsed(findings, touched, made);
    }

    private static SafetyFinding finding(Hazard hazard, RehearsedStatement rehearsed, String message) {
        return new SafetyFinding(hazard.word(), rehearsed.text(), message);
    }

    private static String text(SQLException error) {
        ServerErrorMessage server = error instanceof PSQLException known ? known.getServerErrorMessage() : null;
        if (server == null) {
            return error.getMessage() == null ? error.toString() : error.getMessage();
        }
        String hint = server.getHint();
        return "PostgreSQL refuses it: " + server.getMessage() + (hint == null ? "" : " (" + hint + ")") + ", SQLSTATE "
                + server.getSQLState();
    }

    private Effect run(RehearsedStatement rehearsed) throws SQLException {
        Catalog before = Catalog.read(session);
        boolean isAlone = !rehearsed.isInTransaction();
        if (isAlone) {
            execute(rehearsed);
            return new Effect(before, Catalog.read(session), Set.of(), Map.of());
        }
        session.setAutoCommit(false);
        try {
            Map<Long, Long> scans = scans();
            execute(rehearsed);
            Set<Long> scanned = scannedSince(scans);
            Map<Long, Set<String>> locks = locks();
            session.commit();
            return new Effect(before, Catalog.read(session), scanned, locks);
        } catch (SQLException e) {
            if (!session.isClosed()) {
                session.rollback();
            }
            throw e;
        } finally {
            if (!session.isClosed()) {
                session.setAutoCommit(true);
            }
        }
    }

    private void execute(RehearsedStatement rehearsed) throws SQLException {
        if (rehearsed.fill() != null) {
            KeyOrder.of(session, rehearsed.fill());
        }
        try (Statement statement = session.createStatement()) {
            // It is PostgreSQL's SQL and none of the driver's: braces mean nothing.
            statement.setEscapeProcessing(false);
            statement.execute(rehearsed.text());
        }
    }

    private Map<Long, Long> scans() throws SQLException {
        Map<Long, Long> scans = new HashMap<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(SCANS)) {
            while (row.next()) {
                scans.put(row.getLong(1), row.getLong(2));
            }
        }
        return scans;
    }

    private Set<Long> scannedSince(Map<Long, Long> before) throws SQLException {
        Set<Long> tables = new HashSet<>();
        scans().forEach((table, scans) -> {
            if (scans > before.getOrDefault(table, 0L)) {
                tables.add(table);
            }
        });
        return tables;
    }

    private Map<Long, Set<String>> locks() throws SQLException {
        Map<Long, Set<String>> locks = new HashMap<>();
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery(LOCKS)) {
            while (row.next()) {
                locks.computeIfAbsent(row.getLong(1), relation -> new HashSet<>())
                        .add(Objects.requireNonNull(row.getString(2)));
            }
        }
        return locks;
    }
}
