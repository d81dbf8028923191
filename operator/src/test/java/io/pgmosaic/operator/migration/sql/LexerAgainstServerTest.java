package io.pgmosaic.operator.migration.sql;

import io.pgmosaic.testing.ThrowawayPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/** Random mixes of quotes and comments: what passes here as one statement is one for the server, and the other way round. */
@Timeout(120)
class LexerAgainstServerTest {
    private static final int TEXTS = 20_000;

    private static final List<String> PIECES = List.of(
            "'a;b'",
            "'it''s;'",
            "E'x\\';y'",
            "E'\\\\'",
            "'\\'",
            "$$;$$",
            "$a$ ; $$ ' $a$",
            "$a$;$b$ $a$",
            "1",
            " ",
            "\n",
            ",",
            "/* ; ' */",
            "/* /* ; */ ' */",
            "-- ; ' \" $$\n",
            "\"x;\"\"y\"",
            "x$a$",
            "a",
            "B'1'",
            "X'1f'",
            "N'a;'",
            ";",
            "1.5e3",
            "(",
            ")",
            "+",
            "- -",
            "E",
            "'",
            "\"",
            "$",
            "/*",
            "*/",
            "--",
            "\r",
            "é",
            "::text",
            "e",
            "U");

    /** Whether the server sees one statement, several, or none that it can read. A cursor cannot be opened for several. */
    private static final String SEEN = """
            CREATE FUNCTION seen(text) RETURNS text LANGUAGE plpgsql AS $f$
            DECLARE
              c refcursor;
            BEGIN
              OPEN c FOR EXECUTE $1;
              CLOSE c;
              RETURN 'one';
            EXCEPTION
              WHEN invalid_cursor_definition THEN RETURN 'several';
              WHEN OTHERS THEN RETURN SQLSTATE;
            END $f$
            """;

    @Test
    void agreeOnWhatIsOneStatement() throws SQLException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int one = 0;
        int several = 0;
        ThrowawayPostgres postgres = ThrowawayPostgres.shared();
        try (Connection connection = postgres.connect(postgres.createDatabase());
                Statement statement = connection.createStatement()) {
            statement.execute(SEEN);
            try (PreparedStatement ask = connection.prepareStatement("SELECT seen(?)")) {
                for (int i = 0; i < TEXTS; i++) {
                    String text = text(random);
                    String server = ask(ask, text);
                    String reason = refusal(text);
                    String shown = "seed " + seed + ": <" + text + "> " + server + " " + reason;
                    if (server.equals("one")) {
                        one++;
                        assertThat(reason).as(shown).matches("|.*(write it as one|write the characters).*");
                    } else if (server.equals("several")) {
                        several++;
                        assertThat(reason).as(shown).isNotEmpty();
                    }
                }
            }
        }
        assertThat(one).as("seed %d", seed).isGreaterThan(TEXTS / 100);
        assertThat(several).as("seed %d", seed).isGreaterThan(TEXTS / 1000);
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder("SELECT 1");
        int pieces = random.nextInt(6);
        for (int i = 0; i < pieces; i++) {
            text.append(random.nextInt(3) == 0 ? "" : ",").append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return random.nextInt(4) == 0 ? text + "; SELECT 2" : text.toString();
    }

    private static String ask(PreparedStatement ask, String text) throws SQLException {
        ask.setString(1, text);
        try (ResultSet row = ask.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }

    private static String refusal(String text) {
        try {
            SqlStatement.of(text);
            return "";
        } catch (RefusedSqlException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
