package io.pgmosaic.operator.split;

import io.pgmosaic.operator.database.Connections;
import io.pgmosaic.operator.database.DatabaseIntent;
import io.pgmosaic.operator.database.DatabaseServer;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * The database of one of a part's two shards, and how to log in there. Every session is one on the named server as the primary of
 * the named term, or there is none.
 *
 * @param shard its name
 * @param owner the role that owns the database
 */
public record ShardDatabase(
        String shard, DatabaseServer server, String database, String owner, DatabaseIntent.Passwords passwords) {

    /** What its sessions are for; PostgreSQL does the rest. */
    public Connection asSuperuser() throws SQLException {
        return new Connections(server).superuser(database, passwords.superuser());
    }

    /** A session that moves rows; to be watched. */
    public Connection asMover() throws SQLException {
        return new Connections(server).mover(database, passwords.move());
    }

    /** A session that takes replication commands; to be watched. */
    public Connection forReplication() throws SQLException {
        return new Connections(server).replication(database, passwords.move());
    }

    /** A session that makes objects as the database's owner; to be watched. */
    public Connection asMaker() throws SQLException {
        return new Connections(server).maker(database, passwords.setup());
    }

    /** A session that runs statements of a migration as the database's owner; to be watched. */
    public Connection asMigrator() throws SQLException {
        return new Connections(server).migrator(database, passwords.setup());
    }

    public long term() {
        return server.term();
    }

    @Override
    public String toString() {
        return "shard " + shard + " at " + server.instance();
    }
}
