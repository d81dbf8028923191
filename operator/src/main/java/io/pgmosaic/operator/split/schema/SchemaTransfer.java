package io.pgmosaic.operator.split.schema;

import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.SplitNames;
import io.pgmosaic.operator.split.copy.ServerWatch;
import io.pgmosaic.operator.split.schema.SchemaSource.Section;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Gives the target the source's schema, in two sections: before the rows what they need, after them what is quicker to make then.
 * Each comes once: a database that has a section has it for good, whichever split brought it.
 */
public final class SchemaTransfer {
    private static final String UNIQUE_VIOLATION = "23505";

    private static final String HAS_RUN = """
            SELECT (SELECT i.checksum FROM mosaic.init_sql AS i WHERE i.finished),
              (SELECT jsonb_agg(m) FROM mosaic.schema_migrations AS m WHERE m.done_at IS NOT NULL),
              (SELECT jsonb_agg(b) FROM mosaic.backfills AS b)
            """;

    private final SplitNames names;
    private final ShardDatabase source;
    private final ShardDatabase target;
    private final SchemaSource schema;
    private final String guard;

    /** @param guard one statement, for the superuser, that has all the tables refuse what is not the target's */
    public SchemaTransfer(
            SplitNames names, ShardDatabase source, ShardDatabase target, SchemaSource schema, String guard) {
        this.names = names;
        this.source = source;
        this.target = target;
        this.schema = schema;
        this.guard = guard;
    }

    /** Whether the target has the section. */
    public boolean isDone(Section section) throws SQLException {
        try (Connection superuser = target.asSuperuser();
                PreparedStatement statement =
                        superuser.prepareStatement("SELECT FROM mosaic.copied_schema WHERE section = ?")) {
            statement.setString(1, section.word());
            try (ResultSet row = statement.executeQuery()) {
                return row.next();
            }
        }
    }

    /**
     * Makes the section at the target unless that has it. Needs {@link SplitBookkeeping#ensure} there. With the first one the target
     * takes over which initial SQL and which migrations the source has had, and nobody sees its tables before they are guarded.
     *
     * @throws SchemaRefusedException when the owner of the database may not make an object of it, or lacks what it needs
     */
    public void ensure(Section section) throws SQLException, IOException, InterruptedException, SchemaRefusedException {
        if (isDone(section)) {
            return;
        }
        String script = schema.text(section);
        HasRun hasRun = section == Section.PRE_DATA ? hasRunOnSource() : new HasRun(null, null, null);
        if (section == Section.PRE_DATA) {
            keepGuard();
        }
        try (ServerWatch watch = ServerWatch.over(target);
                Connection session = watch.watched(target.asMaker())) {
            session.setAutoCommit(false);
            if (record(session, section, hasRun)) {
                run(session, section, script);
                if (section == Section.PRE_DATA) {
                    guard(session);
                }
                session.commit();
            }
        }
    }

    /** The guard is the superuser's, and what makes the tables must not be. */
    private void keepGuard() throws SQLException {
        try (Connection superuser = target.asSuperuser();
                PreparedStatement keep =
                        superuser.prepareStatement("INSERT INTO mosaic.copied_guard (stem, statement) VALUES (?, ?)"
                                + " ON CONFLICT (stem) DO UPDATE SET statement = EXCLUDED.statement")) {
            keep.setString(1, names.stem());
            keep.setString(2, guard);
            keep.execute();
        }
    }

    private void guard(Connection session) throws SQLException {
        try (PreparedStatement guarding = session.prepareStatement("SELECT mosaic.guard_copied(?)")) {
            guarding.setString(1, names.stem());
            guarding.execute();
        }
    }

    /** Of the initial SQL the checksum, of migrations the records as JSON; each null when nothing has run. */
    private record HasRun(
            @Nullable String initialSql,
            @Nullable String statements,
            @Nullable String backfills) {}

    private HasRun hasRunOnSource() throws SQLException {
        try (Connection superuser = source.asSuperuser();
                Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery(HAS_RUN)) {
            row.next();
            return new HasRun(row.getString(1), row.getString(2), row.getString(3));
        }
    }

    /** First, so that another operator that does the same waits here. False when that has done it. */
    private boolean record(Connection session, Section section, HasRun hasRun) throws SQLException {
        try (PreparedStatement record =
                session.prepareStatement("SELECT mosaic.schema_copied(?, ?, ?, ?::jsonb, ?::jsonb)")) {
            record.setString(1, section.word());
            record.setString(2, names.stem());
            record.setString(3, hasRun.initialSql());
            record.setString(4, hasRun.statements());
            record.setString(5, hasRun.backfills());
            record.execute();
            return true;
        } catch (SQLException e) {
            if (UNIQUE_VIOLATION.equals(e.getSQLState())) {
                session.rollback();
                return false;
            }
            throw e;
        }
    }

    private void run(Connection session, Section section, String script) throws SQLException, SchemaRefusedException {
        try (Statement statement = session.createStatement()) {
            // The script is PostgreSQL's SQL and none of the driver's: braces mean nothing.
            statement.setEscapeProcessing(false);
            statement.execute(script);
        } catch (SQLException e) {
            if (session.isClosed()) {
                throw e;
            }
            session.rollback();
            throw new SchemaRefusedException(
                    "the " + section.word() + " of the schema of shard " + source.shard() + " cannot be made on shard "
                            + target.shard() + " as " + target.owner() + ": " + e.getMessage()
                            + ". What only a superuser may make is to be made on shard " + target.shard()
                            + " by hand, or dropped from shard " + source.shard(),
                    e);
        }
    }
}
