package io.pgmosaic.instance.postgres;

import java.util.Locale;
import java.util.Set;

/**
 * Parameters that only the manager sets: who may reach the server, what makes replication and its fencing work, where
 * files lie, and how the log is read. A command that carries one is refused.
 */
public final class OwnedParameters {
    private static final Set<String> NAMES = Set.of(
            "allow_alter_system",
            "cluster_name",
            "config_file",
            "data_directory",
            "data_sync_retry",
            "external_pid_file",
            "event_source",
            "fsync",
            "full_page_writes",
            "hba_file",
            "hot_standby",
            "ident_file",
            "include",
            "include_dir",
            "include_if_exists",
            "lc_messages",
            "listen_addresses",
            "log_destination",
            "log_file_mode",
            "log_line_prefix",
            "log_timezone",
            "logging_collector",
            "password_encryption",
            "port",
            "primary_conninfo",
            "primary_slot_name",
            "promote_trigger_file",
            "restart_after_crash",
            "synchronous_standby_names",
            "session_replication_role",
            "wal_level",
            "wal_log_hints");
    private static final Set<String> PREFIXES =
            Set.of("mosaic.", "recovery_", "ssl", "unix_socket_", "bonjour", "krb_", "syslog_");

    private OwnedParameters() {}

    /** PostgreSQL's parameter names do not distinguish case. */
    public static boolean contains(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return NAMES.contains(lower) || PREFIXES.stream().anyMatch(lower::startsWith);
    }
}
