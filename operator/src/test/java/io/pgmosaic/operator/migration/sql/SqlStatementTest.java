package io.pgmosaic.operator.migration.sql;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SqlStatementTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE users ADD COLUMN preferences jsonb",
                "  /* why; */ ALTER TABLE users ADD COLUMN a int; -- done;",
                "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'a;b'; SELECT $q$;$q$ $$;;",
                "INSERT INTO t VALUES ('it''s; here', E'back\\';slash', \"a;\"\"b\", $1x$ /* /* ; */ ; */)",
                "DO $do$ BEGIN PERFORM 1; END $do$",
                "COMMENT ON TABLE t IS 'BEGIN; COMMIT'",
                "ALTER FUNCTION f() SET search_path = pg_catalog",
                "CREATE USER MAPPING FOR owner SERVER s",
                "UPDATE t SET a$b$ = 1, c = a$b$ + 1"
            })
    void letsOneStatementThrough(String text) {
        assertThatCode(() -> SqlStatement.of(text)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``|empty",
                "` ; -- nothing `|empty",
                "`/* ; */`|empty",
                "SELECT 1; SELECT 2|several statements",
                "CREATE TABLE t (a int); DROP TABLE u|several statements",
                "SELECT $$;$$; DROP TABLE u|several statements",
                "SELECT 'a\\'; DROP TABLE u|several statements",
                "SELECT E'a'';' ; DROP TABLE u|several statements",
                "SELECT 1 /* a */ */ ; DROP TABLE u|several statements",
                "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; END|AS $$",
                "begin|transaction",
                "/* x */ Commit|transaction",
                "END|transaction",
                "ROLLBACK TO a|transaction",
                "PREPARE TRANSACTION 'x'|transaction",
                "SAVEPOINT a|transaction",
                "SET ROLE postgres|change the session",
                "SET SESSION AUTHORIZATION postgres|change the session",
                "set search_path = evil|change the session",
                "RESET ROLE|change the session",
                "DISCARD ALL|change the session",
                "SELECT pg_catalog.set_config('search_path', 'evil', false)|change the session",
                "SELECT \"set_config\"('role', 'x', false)|change the session",
                "\\d users|command of psql",
                "SELECT 1 \\gexec|command of psql",
                "COPY t FROM STDIN|INSERT",
                "COPY t FROM PROGRAM 'id'|INSERT",
                "REINDEX TABLE CONCURRENTLY t|by hand",
                "DESCRIBE users|begins with DESCRIBE",
                "EXEC sp_rename 'a', 'b'|begins with EXEC",
                "`(SELECT 1)`|begins with no keyword",
                "CREATE DATABASE other|more than the schema",
                "ALTER ROLE owner SET search_path = evil|more than the schema",
                "ALTER SYSTEM SET fsync = off|more than the schema",
                "DROP USER x|more than the schema",
                "CREATE INDEX CONCURRENTLY ON t (a)|needs a name",
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS ON t (a)|needs a name",
                "ALTER TABLE t DETACH PARTITION p CONCURRENTLY|leave CONCURRENTLY out",
                "SELECT 'open|is not ended",
                "SELECT \"open|is not ended",
                "SELECT $a$ open $b$|is not ended",
                "SELECT /* /* */|is not ended",
                "SELECT U&'d\\0061t'|write the characters",
                "`SELECT E'a'\n'b\\'; DROP TABLE u'`|write it as one",
                "`SELECT E'a' -- x\n'b'`|write it as one",
                "`SELECT 1 \u0000`|code 0"
            })
    void refusesTheRestAndSaysWhatToDo(String text, String reason) {
        assertThatThrownBy(() -> SqlStatement.of(text))
                .isInstanceOf(RefusedSqlException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CREATE INDEX CONCURRENTLY by_name ON users (name)|\"users\"|by_name",
                "create unique index concurrently if not exists By_Name on only Shop.users (name)|\"shop\".\"users\"|by_name",
                "CREATE INDEX CONCURRENTLY \"By Name\" ON \"Shop\".\"U\"\"s\" USING gin (x)|\"Shop\".\"U\"\"s\"|By Name",
                "CREATE INDEX CONCURRENTLY \"on\" ON t (a)|\"t\"|on"
            })
    void knowsAnIndexThatIsBuiltConcurrently(String text, String table, String index) throws Exception {
        assertThat(SqlStatement.of(text).manner()).isEqualTo(new Manner.BuildIndex(table, index));
    }

    @Test
    void knowsWhatElseIsRunAlone() throws Exception {
        assertThat(SqlStatement.of("DROP INDEX CONCURRENTLY IF EXISTS shop.a CASCADE")
                        .manner())
                .isEqualTo(new Manner.DropIndex("\"shop\".\"a\""));
        assertThat(SqlStatement.of("VACUUM (ANALYZE) users").manner()).isEqualTo(new Manner.Repeatable());
        assertThat(SqlStatement.of("CREATE TABLE t (concurrently int)").manner())
                .isEqualTo(new Manner.InTransaction());
        assertThat(SqlStatement.of("CREATE INDEX a ON t (concurrently)").manner())
                .isEqualTo(new Manner.InTransaction());
    }

    @Test
    void refusesNamesThatTheServerWouldCut() {
        assertThatThrownBy(() -> SqlStatement.of("CREATE INDEX CONCURRENTLY " + "x".repeat(64) + " ON t (a)"))
                .isInstanceOf(RefusedSqlException.class)
                .hasMessageContaining("63 bytes");
    }
}
