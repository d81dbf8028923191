package io.pgmosaic.routing.guard;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyColumn;
import io.pgmosaic.routing.key.KeySchema;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.HashRanges;
import io.pgmosaic.routing.map.HashRing;
import io.pgmosaic.routing.map.KeyOverride;
import io.pgmosaic.routing.map.Partitioning;
import io.pgmosaic.routing.map.ShardMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.sql.SQLException;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Names and keys that try to leave their quotes. */
class HostileNamesTest {
    private static final String BYSTANDER = "CREATE TABLE bystander (v text); INSERT INTO bystander VALUES ('here')";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"; DROP TABLE bystander; --",
                "'; DROP TABLE bystander; --",
                "\\'; DROP TABLE bystander; --",
                "a\nb\r\tc",
                "$(rm x)`id`${HOME}",
                "$$ $body$ %s %1$s %",
                "\\",
                "'",
                "\"",
                "naïve 名前 🐘"
            })
    void areOnlyNames(String name) throws SQLException {
        for (Partitioning partitioning :
                List.of(HashRanges.even(List.of(name, "other")), HashRing.of(List.of(name, "other")))) {
            GuardedTable table = new GuardedTable(name, name, KeySchema.of(new KeyColumn(name, KeyType.TEXT)));
            String longKey = name.repeat(1 + 10_000 / name.length());
            ShardMap plain = ShardMap.of(1, partitioning);
            ShardMap map = ShardMap.of(
                    1,
                    partitioning,
                    List.of(
                            new KeyOverride(Key.text(name), opposite(plain, name, name)),
                            new KeyOverride(Key.text(longKey), opposite(plain, longKey, name))));
            try (GuardedDatabase database = new GuardedDatabase()) {
                database.run(BYSTANDER);
                for (String conforming : List.of("on", "off")) {
                    database.run("SET standard_conforming_strings = " + conforming);
                    database.run("SET backslash_quote = on; SET escape_string_warning = off");
                    database.run("CREATE SCHEMA IF NOT EXISTS " + SqlText.identifier(name));
                    database.run("CREATE TABLE IF NOT EXISTS %s (%s text)"
                            .formatted(table.qualifiedName(), SqlText.identifier(name)));
                    Guard guard = Guard.of(map, name);
                    database.run(guard.install(List.of(table), GuardedDatabase.LOCK_TIMEOUT));
                    for (String key : List.of(name, longKey, "a", "b", "c", "d")) {
                        assertThat(database.accepts(
                                        "INSERT INTO " + table.qualifiedName() + " VALUES (?)", Key.text(key)))
                                .isEqualTo(map.ownerOf(Key.text(key)).equals(name));
                    }
                    assertThat(database.one(
                                    "SELECT table_schema = %1$s AND table_name = %1$s AND intact FROM (%2$s) AS i"
                                            .formatted(SqlText.literal(name), GuardSchema.INSTALLED)))
                            .isEqualTo("t");
                    assertThat(database.one(guard.countMisplaced(table))).isEqualTo("0");
                    database.run(guard.remove(List.of(table), GuardedDatabase.LOCK_TIMEOUT));
                    assertThat(database.one("SELECT count(*) FROM pg_trigger")).isEqualTo("0");
                    assertThat(database.one("SELECT v FROM bystander")).isEqualTo("here");
                }
            }
        }
    }

    private static String opposite(ShardMap map, String key, String shard) {
        return map.ownerOf(Key.text(key)).equals(shard) ? "other" : shard;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "\uD83D"})
    void refusesWhatCannotBeAName(String name) {
        refusesIdentifier(name);
    }

    @ParameterizedTest
    @ValueSource(ints = {64, 10_240})
    void refusesNamesThatWouldBeCut(int length) {
        refusesIdentifier("x".repeat(length));
        refusesIdentifier("é".repeat(length / 2));
        assertThat(SqlText.identifier("x".repeat(63))).hasSize(65);
    }

    private static void refusesIdentifier(String name) {
        KeySchema key = KeySchema.of(new KeyColumn("id", KeyType.BIGINT));
        KeySchema named = KeySchema.of(new KeyColumn(name, KeyType.BIGINT));
        assertThatIllegalArgumentException().isThrownBy(() -> SqlText.identifier(name));
        assertThatIllegalArgumentException().isThrownBy(() -> new GuardedTable(name, "t", key));
        assertThatIllegalArgumentException().isThrownBy(() -> new GuardedTable("s", name, key));
        assertThatIllegalArgumentException().isThrownBy(() -> new GuardedTable("s", "t", named));
    }
}
