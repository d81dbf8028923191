package io.pgmosaic.operator.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

class ParameterPolicyTest {
    private static final Pattern NAMES_IN_RULE = Pattern.compile("'([a-z_]+)'");

    @ParameterizedTest
    @CsvSource({
        "synchronous_standby_names,use spec.replication",
        "primary_slot_name,use spec.replication",
        "wal_level,use spec.replication",
        "synchronous_commit,use spec.replication.mode",
        "fsync,loses acknowledged writes",
        "full_page_writes,damages the data",
        "zero_damaged_pages,hides damage",
        "listen_addresses,where the server listens",
        "unix_socket_directories,where the server listens",
        "hba_file,files lie",
        "include_dir,files lie",
        "password_encryption,authenticated",
        "ssl,authenticated",
        "ssl_min_protocol_version,authenticated",
        "krb_server_keyfile,authenticated",
        "logging_collector,how the log is written",
        "log_rotation_size,how the log is written",
        "archive_command,archiving and recovery",
        "recovery_target_time,archiving and recovery",
        "restore_command,archiving and recovery",
        "session_replication_role,the guard",
        "restart_after_crash,'starts, stops'",
        "cluster_name,instance's name",
        "mosaic.term,belong to the operator",
        "dynamic_library_path,libraries"
    })
    void saysWhyAParameterIsNotTheUsers(String name, String reason) {
        assertThat(ParameterPolicy.objection(name, "x"))
                .hasValueSatisfying(
                        objection -> assertThat(objection).contains(reason).contains("remove it"));
    }

    @ParameterizedTest
    @CsvSource({
        "max_wal_senders,15",
        "max_wal_senders,many",
        "max_wal_senders,99999999999",
        "max_replication_slots,-1",
        "shared_preload_libraries,/tmp/evil",
        "shared_preload_libraries,$libdir/x",
        "session_preload_libraries,a b"
    })
    void refusesSomeValuesOfOthers(String name, String value) {
        assertThat(ParameterPolicy.objection(name, value))
                .hasValueSatisfying(objection -> assertThat(objection).contains("write"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "work_mem",
                "shared_buffers",
                "max_connections",
                "hot_standby_feedback",
                "wal_keep_size",
                "max_slot_wal_keep_size",
                "log_min_duration_statement",
                "pg_stat_statements.max",
                "auto_explain.log_min_duration"
            })
    void leavesTheRestToTheUser(String name) {
        assertThat(ParameterPolicy.objection(name, "1")).isEmpty();
    }

    /** What the schema refuses is refused here too; the other way round the schema knows only the most usual ones. */
    @ParameterizedTest
    @MethodSource("namesInTheSchema")
    void knowsEveryParameterThatTheSchemaRefuses(String name) {
        assertThat(ParameterPolicy.objection(name, "x")).isPresent();
    }

    static Stream<String> namesInTheSchema() throws IOException {
        String definition = "/META-INF/fabric8/shardedclusters.pgmosaic.io-v1.yml";
        try (InputStream file = Objects.requireNonNull(ParameterPolicyTest.class.getResourceAsStream(definition))) {
            String rule = new KubernetesSerialization()
                    .unmarshal(file, JsonNode.class).findValuesAsText("rule").stream()
                            .filter(text -> text.contains("'synchronous_standby_names'"))
                            .findFirst()
                            .orElseThrow();
            return NAMES_IN_RULE.matcher(rule).results().map((MatchResult match) -> match.group(1)).toList().stream();
        }
    }
}
