package io.pgmosaic.instance.postgres;

import io.pgmosaic.instance.volume.Assignment;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import io.pgmosaic.protocol.instance.InstanceRole;
import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The whole text of {@code postgresql.conf} for an assignment. Later lines win: defaults that users may change, what the
 * user asked for, what belongs to the manager.
 */
public final class ServerConfiguration {
    private static final String NOBODY = "ANY 1 (\"pgmosaic_nobody\")";

    private final InstanceIdentity identity;
    private final Endpoint endpoint;
    private final RunFiles files;
    private final PostgresVersion version;

    public ServerConfiguration(InstanceIdentity identity, Endpoint endpoint, RunFiles files, PostgresVersion version) {
        this.identity = identity;
        this.endpoint = endpoint;
        this.files = files;
        this.version = version;
    }

    /**
     * @param volumeBytes size of the volume's file system, from which the log that an absent standby may hold back is taken
     */
    public String text(Assignment assignment, long volumeBytes) {
        return new ConfigurationText()
                .comment("Written by the instance manager; changes are overwritten.")
                .comment("-- defaults")
                .settings(defaults(volumeBytes))
                .comment("-- asked for")
                .settings(assignment.configuration().parameters())
                .comment("-- not to be changed")
                .settings(owned(assignment))
                .toString();
    }

    /** Those of the settings by which is seen, in a session of the server, that it has read this assignment's file. */
    public Map<String, String> evidence(Assignment assignment) {
        Map<String, String> evidence = new LinkedHashMap<>(owned(assignment));
        evidence.keySet()
                .retainAll(List.of(
                        "mosaic.configuration", "synchronous_standby_names", "primary_conninfo", "primary_slot_name"));
        return evidence;
    }

    private static Map<String, String> defaults(long volumeBytes) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("shared_buffers", "128MB");
        settings.put("timezone", "UTC");
        settings.put("default_text_search_config", "pg_catalog.english");
        settings.put("max_wal_senders", "16");
        settings.put("max_replication_slots", "16");
        settings.put("max_slot_wal_keep_size", Math.max(256, volumeBytes / 4 / 1024 / 1024) + "MB");
        settings.put("wal_keep_size", "128MB");
        settings.put("hot_standby_feedback", "on");
        settings.put("wal_receiver_status_interval", "1s");
        settings.put("wal_receiver_timeout", "5s");
        settings.put("wal_retrieve_retry_interval", "500ms");
        settings.put("wal_sender_timeout", "5s");
        return settings;
    }

    /** In a network of its own also the loopback address, where {@code kubectl port-forward} looks. */
    static String listenAddresses(String address) {
        boolean isLoopback = address.startsWith("127.") || address.equals("::1");
        return isLoopback ? address : address + ",localhost";
    }

    private Map<String, String> owned(Assignment assignment) {
        Map<String, String> settings = new LinkedHashMap<>(version.ownSettings());
        settings.put("listen_addresses", listenAddresses(endpoint.host()));
        settings.put("port", Integer.toString(endpoint.port()));
        settings.put("unix_socket_directories", "");
        settings.put("ssl", "on");
        settings.put("ssl_cert_file", files.certificate().toString());
        settings.put("ssl_key_file", files.key().toString());
        settings.put("ssl_min_protocol_version", "TLSv1.2");
        settings.put("password_encryption", "scram-sha-256");
        settings.put("wal_level", "logical");
        settings.put("wal_log_hints", "on");
        settings.put("full_page_writes", "on");
        settings.put("fsync", "on");
        settings.put("hot_standby", "on");
        settings.put("recovery_target_timeline", "latest");
        // A server that restarted by itself would show clients commits that no standby has confirmed.
        settings.put("restart_after_crash", "off");
        settings.put("log_destination", "stderr");
        settings.put("logging_collector", "off");
        settings.put("log_line_prefix", ServerLogLine.PREFIX);
        settings.put("log_timezone", "UTC");
        settings.put("lc_messages", "C");
        settings.put("cluster_name", identity.instance());
        settings.put("synchronous_standby_names", synchronousStandbyNames(assignment));
        settings.put("mosaic.term", Long.toString(assignment.term()));
        settings.put("mosaic.cluster", identity.cluster());
        settings.put("mosaic.shard", identity.shard());
        settings.put("mosaic.instance", identity.instance());
        settings.put("mosaic.configuration", Marker.of(assignment).toString());
        @Nullable String slot = assignment.slot();
        if (assignment.upstream() != null && slot != null) {
            settings.put(
                    "primary_conninfo",
                    UpstreamConnection.text(
                            assignment.upstream(), identity.instance(), assignment.term(), files, version));
            settings.put("primary_slot_name", slot);
        } else {
            settings.put("primary_conninfo", "");
            settings.put("primary_slot_name", "");
        }
        return settings;
    }

    /** A standby waits for nobody while it is one; should it become a primary by any other way, it acknowledges nothing. */
    private static String synchronousStandbyNames(Assignment assignment) {
        return assignment.role() == InstanceRole.STANDBY
                ? NOBODY
                : assignment.configuration().synchronousStandbyNames();
    }
}
