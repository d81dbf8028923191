package io.pgmosaic.operator.migration.check;

import io.pgmosaic.operator.database.Connections;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.copy.ServerWatch;
import io.pgmosaic.operator.split.schema.SchemaSource;
import io.pgmosaic.operator.split.schema.SchemaSource.Section;
import io.pgmosaic.routing.guard.SqlText;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * A database beside that of a shard, with its schema and no row. There is one of a shard at most, and it is gone when this is closed, or
 * when the next one is made.
 */
public final class RehearsalDatabase implements AutoCloseable {
    static final String NAME = "mosaic_rehearsal";

    private static final String LOCK = "SELECT pg_catalog.pg_try_advisory_lock(2318570094837112207)";

    private final ShardDatabase database;
    private final Connection keeper;
    private final ServerWatch watch;

    private RehearsalDatabase(ShardDatabase database, Connection keeper, ServerWatch watch) {
        this.database = database;
        this.keeper = keeper;
        this.watch = watch;
    }

    /**
     * Makes it.
     *
     * @return empty while there is one for somebody else
     * @throws NoRehearsalException when its owner cannot make the schema
     * @throws IOException when the instance manager cannot tell the schema
     */
    public static Optional<RehearsalDatabase> make(ShardDatabase shard, SchemaSource schema)
            throws SQLException, IOException, InterruptedException, NoRehearsalException {
        ShardDatabase rehearsal =
                new ShardDatabase(shard.shard(), shard.server(), NAME, shard.owner(), shard.passwords());
        Connection keeper = new Connections(shard.server())
                .superuser("postgres", shard.passwords().superuser());
        RehearsalDatabase made = new RehearsalDatabase(rehearsal, keeper, ServerWatch.over(shard));
        try {
            if (!made.isLocked()) {
                made.end();
                return Optional.empty();
            }
            // A database is dropped with a checkpoint, which takes its time on a busy server.
            made.execute("SET statement_timeout = '300s'");
            made.drop();
            made.execute("CREATE DATABASE " + NAME + " OWNER " + SqlText.identifier(shard.owner())
                    + " TEMPLATE template0 ENCODING 'UTF8'" + locale(shard));
            made.fill(schema);
            return Optional.of(made);
        } catch (SQLException | IOException | InterruptedException | NoRehearsalException e) {
            made.end();
            throw e;
        }
    }

    /** As the shard's: by another order of texts an index is another one. */
    private static String locale(ShardDatabase shard) throws SQLException {
        try (Connection superuser = shard.asSuperuser();
                Statement statement = superuser.createStatement();
                ResultSet row = statement.executeQuery("SELECT datcollate, datctype FROM pg_catalog.pg_database"
                        + " WHERE datname = pg_catalog.current_database()")) {
            row.next();
            return " LC_COLLATE " + SqlText.literal(row.getString(1)) + " LC_CTYPE "
                    + SqlText.literal(row.getString(2));
        }
    }

    /** In a session of its own, since the script changes settings. */
    private void fill(SchemaSource schema)
            throws SQLException, IOException, InterruptedException, NoRehearsalException {
        List<String> scripts = List.of(schema.text(Section.PRE_DATA), schema.text(Section.POST_DATA));
        try (Connection session = watch.watched(database.asMaker());
                Statement statement = session.createStatement()) {
            statement.setEscapeProcessing(false);
            for (String script : scripts) {
                statement.execute(script);
            }
        } catch (SQLException e) {
            throw new NoRehearsalException(
                    "the schema of shard " + database.shard() + " cannot be made for a rehearsal as " + database.owner()
                            + ": " + e.getMessage(),
                    e);
        }
    }

    /** A session that runs statements as the migration would. */
    public Connection open() throws SQLException {
        return watch.watched(database.asMigrator());
    }

    private boolean isLocked() throws SQLException {
        try (Statement statement = keeper.createStatement();
                ResultSet row = statement.executeQuery(LOCK)) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private void drop() throws SQLException {
        execute("DROP DATABASE IF EXISTS " + NAME + " WITH (FORCE)");
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = keeper.createStatement()) {
            statement.execute(sql);
        }
    }

    private void end() throws SQLException {
        try (watch) {
            keeper.close();
        }
    }

    @Override
    public void close() throws SQLException {
        try (watch;
                keeper) {
            drop();
        }
    }
}
