package io.pgmosaic.instance.postgres;

/** {@code pg_hba.conf}: TLS and SCRAM for everybody; nobody but the product's roles until clients are accepted. */
final class AccessRules {
    private AccessRules() {}

    static String text(boolean acceptClients) {
        StringBuilder text = new StringBuilder("# Written by the instance manager; changes are overwritten.\n");
        rule(text, "all", Roles.SUPERUSER);
        rule(text, "postgres", Roles.MANAGER);
        rule(text, "replication", Roles.REPLICATION);
        rule(text, "postgres", Roles.REPLICATION);
        rule(text, "all", Roles.SETUP);
        rule(text, "all", Roles.MONITOR);
        if (acceptClients) {
            rule(text, "all", "all");
        }
        return text.toString();
    }

    private static void rule(StringBuilder text, String database, String role) {
        text.append("hostssl ").append(database).append(' ').append(role).append(" all scram-sha-256\n");
    }
}
