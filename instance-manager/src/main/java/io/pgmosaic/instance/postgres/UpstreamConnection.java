package io.pgmosaic.instance.postgres;

import io.pgmosaic.protocol.instance.Upstream;

/** The libpq connection string with which a standby reaches its upstream; the password stays in its file. */
final class UpstreamConnection {
    private UpstreamConnection() {}

    static String text(Upstream upstream, String instance, long term, RunFiles files, PostgresVersion version) {
        // The certificate is checked against the name, the connection goes to the address, so DNS is not needed for it.
        return "host=" + quote(upstream.host())
                + " hostaddr=" + quote(upstream.address())
                + " port=" + upstream.port()
                + " user=" + Roles.REPLICATION
                + " application_name=" + quote(instance)
                + " passfile=" + quote(files.passwords(term).toString())
                + " sslmode=verify-full sslrootcert=" + quote(files.authority().toString())
                + " gssencmode=disable connect_timeout=5"
                + " keepalives_idle=5 keepalives_interval=2 keepalives_count=3"
                + version.connectionOptions();
    }

    static String quote(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
