package io.pgmosaic.instance.postgres;

import io.pgmosaic.instance.volume.DurableFiles;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Makes a new database cluster with the product's roles in a directory that no server has seen yet. */
public final class Initdb {
    private final Programs programs;
    private final Credentials credentials;

    public Initdb(Programs programs, Credentials credentials) {
        this.programs = programs;
        this.credentials = credentials;
    }

    /** Fills {@code target}, which is emptied first. */
    public void create(Path target, Cancellation cancellation) throws IOException, InterruptedException {
        try {
            initdb(target, "C.UTF-8", cancellation);
        } catch (ProgramFailedException e) {
            if (!e.output().contains("locale")) {
                throw e;
            }
            // Minimal images have no C.UTF-8; C compares bytes as it does.
            initdb(target, "C", cancellation);
        }
        createRoles(target, cancellation);
    }

    private void initdb(Path target, String locale, Cancellation cancellation)
            throws IOException, InterruptedException {
        DurableFiles.deleteTree(target);
        programs.run(
                "initdb",
                List.of(
                        "--pgdata=" + target,
                        "--username=" + Roles.SUPERUSER,
                        "--encoding=UTF8",
                        "--locale=" + locale,
                        "--auth-local=scram-sha-256",
                        "--auth-host=scram-sha-256",
                        "--pwfile=/dev/stdin",
                        "--data-checksums",
                        "--no-instructions"),
                credentials.superuser() + "\n",
                cancellation,
                line -> {});
    }

    /** In single-user mode, so that the server never listens before its roles have passwords. */
    private void createRoles(Path target, Cancellation cancellation) throws IOException, InterruptedException {
        String sql = role(Roles.MANAGER, credentials.manager())
                + role(Roles.REPLICATION, credentials.replication())
                + "GRANT pg_monitor TO " + Roles.MANAGER + ";\n"
                // A standby that rewinds needs a checkpoint of the timeline that its new primary is on.
                + "GRANT pg_checkpoint TO " + Roles.MANAGER + ", " + Roles.REPLICATION + ";\n"
                + "GRANT SELECT ON pg_catalog.pg_file_settings TO " + Roles.MANAGER + ";\n"
                + "GRANT EXECUTE ON FUNCTION pg_catalog.pg_show_all_file_settings() TO " + Roles.MANAGER + ";\n"
                + rewindGrants();
        programs.run(
                "postgres",
                List.of(
                        "--single",
                        "-D",
                        target.toString(),
                        "-c",
                        "exit_on_error=on",
                        "-c",
                        "log_min_error_statement=panic",
                        "-c",
                        "password_encryption=scram-sha-256",
                        "postgres"),
                sql,
                cancellation,
                line -> {});
    }

    private static String role(String name, String password) {
        return "CREATE ROLE " + name + " LOGIN REPLICATION PASSWORD " + literal(password) + ";\n";
    }

    /** What pg_rewind needs of a source server, by its documentation. */
    private static String rewindGrants() {
        Map<String, String> functions = Map.of(
                "pg_ls_dir", "text, boolean, boolean",
                "pg_stat_file", "text, boolean",
                "pg_read_binary_file", "text, bigint, bigint, boolean");
        StringBuilder sql = new StringBuilder();
        functions.forEach((name, arguments) -> sql.append("GRANT EXECUTE ON FUNCTION pg_catalog.")
                .append(name)
                .append('(')
                .append(arguments)
                .append(") TO ")
                .append(Roles.REPLICATION)
                .append(";\n"));
        sql.append("GRANT EXECUTE ON FUNCTION pg_catalog.pg_read_binary_file(text) TO ")
                .append(Roles.REPLICATION)
                .append(";\n");
        return sql.toString();
    }

    private static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }
}
