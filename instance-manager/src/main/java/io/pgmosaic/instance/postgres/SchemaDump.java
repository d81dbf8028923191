package io.pgmosaic.instance.postgres;

import io.pgmosaic.instance.volume.DurableFiles;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The statements that make another database like one of this server, without its rows, without schema {@code mosaic} and
 * without what the product put on the user's tables: each database has those of its own shard.
 */
public final class SchemaDump {
    /** Far more than any schema has, and little enough to be held in memory. */
    private static final long LONGEST_TEXT = 32L * 1024 * 1024;

    private static final int PATIENCE_SECONDS = 120;

    /** A line of an archive's table of contents: its own number; the catalog and the object's number in it; the rest. */
    private static final Pattern ENTRY = Pattern.compile("\\d+; (\\d+) (\\d+) .*");

    /** Triggers and event triggers that run a function of the product, by catalog and number. */
    private static final String PRODUCTS_OWN = """
            WITH own AS (SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'mosaic')
            SELECT 'pg_trigger'::regclass::oid, t.oid FROM pg_trigger t WHERE t.tgfoid IN (SELECT oid FROM own)
            UNION ALL
            SELECT 'pg_event_trigger'::regclass::oid, e.oid FROM pg_event_trigger e WHERE e.evtfoid IN (SELECT oid FROM own)
            """;

    /** Which part of the schema. */
    public enum Section {
        /** Everything without which no row can be stored. */
        PRE_DATA("pre-data"),
        /** What is quicker or only right once the rows are there: indexes, constraints, triggers, rules. */
        POST_DATA("post-data");

        private final String word;

        Section(String word) {
            this.word = word;
        }

        /**
         * @throws IllegalArgumentException when there is no such section
         */
        public static Section of(String word) {
            for (Section section : values()) {
                if (section.word.equals(word)) {
                    return section;
                }
            }
            throw new IllegalArgumentException("section is pre-data or post-data");
        }
    }

    private final Programs programs;
    private final Endpoint endpoint;
    private final Credentials credentials;
    private final RunFiles files;

    public SchemaDump(Programs programs, Endpoint endpoint, Credentials credentials, RunFiles files) {
        this.programs = programs;
        this.endpoint = endpoint;
        this.credentials = credentials;
        this.files = files;
    }

    /**
     * Asks the running server.
     *
     * @param role with whose power the database is read, so that nothing a user wrote runs with more
     * @return SQL without the commands of any client
     * @throws IOException saying why there is none: also when it takes too long or is too large
     */
    public String text(String database, String role, Section section) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory(files.directory(), "schema-");
        Cancellation cancellation = new Cancellation();
        CompletableFuture<Void> end = CompletableFuture.runAsync(
                cancellation::cancel, CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS));
        try {
            Path archive = directory.resolve("archive");
            Path wanted = directory.resolve("wanted");
            Path text = directory.resolve("text");
            dump(database, role, section, directory, archive, cancellation);
            Files.writeString(wanted, wanted(contents(archive, cancellation), productsOwn(database)));
            restore(archive, wanted, text, cancellation);
            if (Files.size(text) > LONGEST_TEXT) {
                throw new IOException("the schema of database " + database + " has " + Files.size(text)
                        + " bytes, more than " + LONGEST_TEXT);
            }
            return PlainScript.of(Files.readString(text));
        } catch (CancellationException e) {
            throw new IOException(
                    "the schema of database " + database + " was not read within " + PATIENCE_SECONDS + " s", e);
        } finally {
            end.cancel(false);
            DurableFiles.deleteTree(directory);
        }
    }

    private void dump(
            String database, String role, Section section, Path directory, Path archive, Cancellation cancellation)
            throws IOException, InterruptedException {
        Path passwords = directory.resolve("pgpass");
        Files.createFile(passwords, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(
                passwords,
                "*:*:*:" + Roles.SUPERUSER + ":"
                        + credentials.superuser().replace("\\", "\\\\").replace(":", "\\:") + "\n",
                StandardCharsets.UTF_8);
        String connection = "host=" + UpstreamConnection.quote(endpoint.host()) + " port=" + endpoint.port() + " user="
                + Roles.SUPERUSER + " dbname=" + UpstreamConnection.quote(database) + " passfile="
                + UpstreamConnection.quote(passwords.toString()) + " sslmode=verify-ca sslrootcert="
                + UpstreamConnection.quote(files.authority().toString())
                + " gssencmode=disable connect_timeout=5 options='-c search_path=pg_catalog'";
        programs.run(
                "pg_dump",
                List.of(
                        "--dbname=" + connection,
                        "--no-password",
                        "--format=custom",
                        "--file=" + archive,
                        "--schema-only",
                        "--section=" + section.word,
                        "--role=" + role,
                        "--no-owner",
                        "--no-publications",
                        "--no-subscriptions",
                        "--no-tablespaces",
                        "--exclude-schema=mosaic",
                        "--lock-wait-timeout=5000"),
                "",
                cancellation,
                line -> {});
    }

    private String contents(Path archive, Cancellation cancellation) throws IOException, InterruptedException {
        return programs.run("pg_restore", List.of("--list", archive.toString()), "", cancellation, line -> {});
    }

    private void restore(Path archive, Path wanted, Path text, Cancellation cancellation)
            throws IOException, InterruptedException {
        programs.run(
                "pg_restore",
                List.of("--use-list=" + wanted, "--no-owner", "--no-tablespaces", "--file=" + text, archive.toString()),
                "",
                cancellation,
                line -> {});
    }

    private static String wanted(String contents, Set<String> productsOwn) {
        return contents.lines()
                .filter(line -> {
                    Matcher entry = ENTRY.matcher(line);
                    return !entry.matches() || !productsOwn.contains(entry.group(1) + " " + entry.group(2));
                })
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private Set<String> productsOwn(String database) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("user", Roles.SUPERUSER);
        properties.setProperty("password", credentials.superuser());
        properties.setProperty("sslmode", "verify-ca");
        properties.setProperty("sslrootcert", files.authority().toString());
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("ApplicationName", "pgmosaic-schema");
        properties.setProperty("connectTimeout", "3");
        properties.setProperty("loginTimeout", "5");
        properties.setProperty("socketTimeout", "30");
        properties.setProperty(
                "options", "-c search_path=pg_catalog -c statement_timeout=20s -c default_transaction_read_only=on");
        properties.setProperty("PGHOST", endpoint.host());
        properties.setProperty("PGPORT", Integer.toString(endpoint.port()));
        properties.setProperty("PGDBNAME", database);
        Set<String> found = new HashSet<>();
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://", properties);
                PreparedStatement statement = connection.prepareStatement(PRODUCTS_OWN);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(row.getLong(1) + " " + row.getLong(2));
            }
            return found;
        } catch (SQLException e) {
            throw new IOException("cannot look for triggers in database " + database + ": " + e.getMessage(), e);
        }
    }
}
