package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

import java.util.Map;

/** Which PostgreSQL, and with which settings. */
@ValidationRule(
        value = "self.version == oldSelf.version",
        message =
                "postgres.version cannot be changed: this version of PgMosaic does no major upgrades. Write the version that runs.")
@ApiValue
public record PostgresSpec(
        @JsonPropertyDescription("Major version of PostgreSQL. It must be that of the image.")
        @Required
        @Min(15)
        @Max(18)
        Integer version,

        @JsonPropertyDescription(
                "Image of the database pods: PostgreSQL and the instance manager. Default: the operator's own for this version.")
        @Pattern(Patterns.IMAGE)
        @Size(min = 1, max = 512)
        @Nullable
        String image,

        @JsonPropertyDescription(
                "Settings for postgresql.conf by name, such as work_mem: 64MB. Write numbers and booleans as quoted text. Refused are those that the operator sets (replication, addresses and files, TLS and authentication, recovery, archiving, where the log goes) and those that break what it promises (fsync, full_page_writes, synchronous_commit, session_replication_role and the like).")
        @ValidationRule(
                value = "self.all(k, k.matches('" + Patterns.PARAMETER_NAME + "'))",
                message =
                        "parameters: a name is no PostgreSQL parameter: write lower-case letters, digits and underscores, with one dot for an extension's parameter")
        @ValidationRule(
                value = "!self.exists(k, k in [" + OWNED_PARAMETERS + "])",
                message =
                        "parameters: a parameter is set by the operator itself, or would break what it promises: remove it. The field's description says which are refused")
        Map<String, @Size(max = 1024) @Pattern(Patterns.PARAMETER_VALUE) String> parameters) {

    /** The parameters most often tried; the operator's own check knows the rest, by name and by family. */
    static final String OWNED_PARAMETERS = "'synchronous_standby_names', 'synchronous_commit', 'primary_conninfo', "
            + "'primary_slot_name', 'listen_addresses', 'port', 'unix_socket_directories', 'hba_file', 'ident_file', "
            + "'data_directory', 'config_file', 'password_encryption', 'wal_level', 'hot_standby', 'restore_command', "
            + "'archive_mode', 'archive_command', 'archive_library', 'cluster_name', 'logging_collector', "
            + "'log_destination', 'ssl', 'ssl_cert_file', 'ssl_key_file', 'ssl_ca_file', 'fsync', 'full_page_writes', "
            + "'session_replication_role', 'recovery_target_timeline', 'include', 'include_dir', 'include_if_exists'";

    public PostgresSpec {
        version = version == null ? 0 : version;
        parameters = parameters == null ? Map.of() : Map.copyOf(parameters);
    }
}
