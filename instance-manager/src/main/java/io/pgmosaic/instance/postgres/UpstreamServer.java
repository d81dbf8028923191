package io.pgmosaic.instance.postgres;

import io.pgmosaic.protocol.instance.Upstream;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Questions to an upstream's PostgreSQL, as {@code mosaic_replication}. Each opens a connection of its own. */
public final class UpstreamServer {
    private final Credentials credentials;
    private final RunFiles files;

    public UpstreamServer(Credentials credentials, RunFiles files) {
        this.credentials = credentials;
        this.files = files;
    }

    /**
     * Where the upstream's log comes from.
     *
     * @param systemIdentifier that it must have
     */
    public TimelineHistory history(Upstream upstream, String systemIdentifier) throws IOException {
        try (Connection connection = connect(upstream, true);
                Statement statement = connection.createStatement()) {
            long timeline;
            try (ResultSet row = statement.executeQuery("IDENTIFY_SYSTEM")) {
                row.next();
                if (!row.getString(1).equals(systemIdentifier)) {
                    throw new IOException(
                            "the upstream is system " + row.getString(1) + ", the shard is system " + systemIdentifier);
                }
                timeline = row.getLong(2);
            }
            if (timeline == 1) {
                return TimelineHistory.parse(1, "");
            }
            try (ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
                row.next();
                return TimelineHistory.parse(timeline, new String(row.getBytes(2), StandardCharsets.UTF_8));
            }
        } catch (SQLException e) {
            throw new IOException("cannot ask " + upstream.instance() + " for its timelines: " + e.getMessage(), e);
        }
    }

    /**
     * Makes the upstream's control file name the timeline that it is on. Until the checkpoint after a promotion it names the
     * one before, by which pg_rewind, up to PostgreSQL 15, would find nothing to do.
     */
    public void settleTimeline(Upstream upstream, long timeline) throws IOException {
        try (Connection connection = connect(upstream, false);
                Statement statement = connection.createStatement()) {
            boolean settled;
            try (ResultSet row = statement.executeQuery("SELECT timeline_id FROM pg_control_checkpoint()")) {
                row.next();
                settled = row.getLong(1) == timeline;
            }
            if (!settled) {
                statement.execute("CHECKPOINT");
            }
        } catch (SQLException e) {
            throw new IOException("cannot have " + upstream.instance() + " write a checkpoint: " + e.getMessage(), e);
        }
    }

    private Connection connect(Upstream upstream, boolean replication) throws IOException, SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", Roles.REPLICATION);
        properties.setProperty("password", credentials.replication());
        properties.setProperty("sslmode", "require");
        properties.setProperty("sslfactory", UpstreamTls.class.getName());
        properties.setProperty("sslfactoryarg", upstream.host());
        properties.setProperty("sslrootcert", files.authority().toString());
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("ApplicationName", "pgmosaic-timelines");
        properties.setProperty("assumeMinServerVersion", Integer.toString(PostgresVersion.OLDEST));
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("preferQueryMode", "simple");
        properties.setProperty("options", "-c search_path=pg_catalog");
        if (replication) {
            properties.setProperty("replication", "true");
            properties.setProperty("socketTimeout", "5");
        }
        String address = upstream.address().contains(":") ? "[" + upstream.address() + "]" : upstream.address();
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address + ":" + upstream.port() + "/postgres", properties);
    }
}
