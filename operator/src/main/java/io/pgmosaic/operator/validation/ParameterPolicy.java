package io.pgmosaic.operator.validation;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

import static java.util.Map.entry;

/**
 * Which PostgreSQL parameters a user may not set, and why.
 *
 * <p>Libraries may be preloaded, by bare names, since the user chooses the image that holds them anyway; where libraries
 * are looked for is not up to the spec, so that nothing is loaded from the data volume.
 */
final class ParameterPolicy {
    private static final String REPLICATION = "the operator sets it to replicate: use spec.replication, and remove it";
    private static final String DURABILITY =
            "it decides whether an acknowledged write survives: use spec.replication.mode, and remove it";
    private static final String ADDRESS = "the operator sets where the server listens: remove it";
    private static final String FILES = "the operator sets where the server's files lie: remove it";
    private static final String SECURITY = "the operator sets how clients are authenticated and encrypted: remove it";
    private static final String LOGGING = "the operator sets how the log is written, and passes it on: remove it";
    private static final String ARCHIVE = "archiving and recovery belong to the operator: remove it";
    private static final String DAMAGE = "it hides damage to the data: remove it";
    private static final String GUARD = "it would switch off the guard that keeps rows on their own shard: remove it";
    private static final String LIFECYCLE = "the operator starts, stops and configures the server: remove it";
    private static final String LOADING = "libraries are loaded from the image alone: remove it";

    private static final Map<String, String> NAMES = Map.ofEntries(
            entry("synchronous_standby_names", REPLICATION),
            entry("synchronized_standby_slots", REPLICATION),
            entry("sync_replication_slots", REPLICATION),
            entry("primary_conninfo", REPLICATION),
            entry("primary_slot_name", REPLICATION),
            entry("wal_level", REPLICATION),
            entry("wal_log_hints", REPLICATION),
            entry("wal_receiver_create_temp_slot", REPLICATION),
            entry("hot_standby", REPLICATION),
            entry("promote_trigger_file", REPLICATION),
            entry("trigger_file", REPLICATION),
            entry("synchronous_commit", DURABILITY),
            entry("fsync", "without it a crash loses acknowledged writes: remove it"),
            entry("full_page_writes", "without it a crash damages the data: remove it"),
            entry("data_sync_retry", DAMAGE),
            entry("zero_damaged_pages", DAMAGE),
            entry("ignore_checksum_failure", DAMAGE),
            entry("ignore_invalid_pages", DAMAGE),
            entry("ignore_system_indexes", DAMAGE),
            entry("allow_system_table_mods", DAMAGE),
            entry("listen_addresses", ADDRESS),
            entry("port", ADDRESS),
            entry("data_directory", FILES),
            entry("config_file", FILES),
            entry("hba_file", FILES),
            entry("ident_file", FILES),
            entry("external_pid_file", FILES),
            entry("include", FILES),
            entry("include_dir", FILES),
            entry("include_if_exists", FILES),
            entry("password_encryption", SECURITY),
            entry("db_user_namespace", SECURITY),
            entry("oauth_validator_libraries", SECURITY),
            entry("logging_collector", LOGGING),
            entry("log_destination", LOGGING),
            entry("log_directory", LOGGING),
            entry("log_filename", LOGGING),
            entry("log_file_mode", LOGGING),
            entry("log_line_prefix", LOGGING),
            entry("log_timezone", LOGGING),
            entry("log_truncate_on_rotation", LOGGING),
            entry("lc_messages", LOGGING),
            entry("event_source", LOGGING),
            entry("restore_command", ARCHIVE),
            entry("session_replication_role", GUARD),
            entry("default_transaction_read_only", "the operator decides who takes writes: remove it"),
            entry("cluster_name", "the operator sets it to the instance's name: remove it"),
            entry("restart_after_crash", LIFECYCLE),
            entry("exit_on_error", LIFECYCLE),
            entry("allow_alter_system", LIFECYCLE),
            entry("dynamic_library_path", LOADING),
            entry("extension_control_path", LOADING),
            entry("jit_provider", LOADING));

    private static final Map<String, String> FAMILIES = Map.ofEntries(
            entry("mosaic.", "parameters that begin with mosaic. belong to the operator: remove it"),
            entry("ssl", SECURITY),
            entry("krb_", SECURITY),
            entry("gss_", SECURITY),
            entry("unix_socket_", ADDRESS),
            entry("bonjour", ADDRESS),
            entry("recovery_", ARCHIVE),
            entry("archive_", ARCHIVE),
            entry("log_rotation_", LOGGING),
            entry("syslog_", LOGGING));

    /** Replication connections that the operator and its standbys need, with room for clones and a split. */
    private static final Map<String, Integer> FLOORS = Map.of("max_wal_senders", 16, "max_replication_slots", 16);

    private static final Pattern PRELOADED = Pattern.compile("(shared|session|local)_preload_libraries");
    private static final Pattern BARE_NAMES = Pattern.compile("([a-zA-Z0-9_-]+( *, *[a-zA-Z0-9_-]+)*)?");
    private static final Pattern WHOLE_NUMBER = Pattern.compile("[0-9]{1,6}");

    private ParameterPolicy() {}

    /** Why the parameter cannot be set to this value, and what to do; empty when it can. The name is in lower case. */
    static Optional<String> objection(String name, String value) {
        String reserved = NAMES.get(name);
        if (reserved != null) {
            return Optional.of(reserved);
        }
        for (Map.Entry<String, String> family : FAMILIES.entrySet()) {
            if (name.startsWith(family.getKey())) {
                return Optional.of(family.getValue());
            }
        }
        Integer floor = FLOORS.get(name);
        if (floor != null && !(WHOLE_NUMBER.matcher(value).matches() && Integer.parseInt(value) >= floor)) {
            return Optional.of(Shown.of(value)
                    + " is too few for standbys, clones and splits: write a number of at least " + floor);
        }
        if (PRELOADED.matcher(name).matches() && !BARE_NAMES.matcher(value).matches()) {
            return Optional.of(Shown.of(value)
                    + " does not name libraries of the image: write bare names, such as pg_stat_statements");
        }
        return Optional.empty();
    }
}
