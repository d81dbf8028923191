package io.pgmosaic.operator.migration.sql;

import io.pgmosaic.routing.guard.SqlText;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which statements a migration runs, and how. */
final class StatementRules {
    private static final Set<String> TRANSACTION =
            Set.of("begin", "start", "commit", "end", "rollback", "abort", "savepoint", "release", "prepare");

    private static final Set<String> SESSION = Set.of("set", "reset", "discard", "load");

    private static final Set<String> KNOWN = Set.of(
            "alter",
            "analyze",
            "call",
            "comment",
            "create",
            "delete",
            "do",
            "drop",
            "grant",
            "import",
            "insert",
            "lock",
            "merge",
            "refresh",
            "revoke",
            "security",
            "select",
            "truncate",
            "update",
            "vacuum",
            "with");

    /** What there is once for all databases of a server; the operator keeps it, and a migration that did would meet it again. */
    private static final Set<String> OF_THE_SERVER =
            Set.of("database", "tablespace", "role", "user", "group", "system", "subscription");

    private final List<Token> tokens;

    private StatementRules(List<Token> tokens) {
        this.tokens = tokens;
    }

    static Manner manner(String text) throws RefusedSqlException {
        List<Token> tokens = new ArrayList<>(Lexer.tokens(text));
        while (!tokens.isEmpty() && tokens.getLast().isSymbol(";")) {
            tokens.removeLast();
        }
        StatementRules rules = new StatementRules(tokens);
        rules.one();
        rules.allowed();
        return rules.manner();
    }

    private void one() throws RefusedSqlException {
        if (tokens.isEmpty()) {
            throw new RefusedSqlException("the statement is empty: write one, or take the entry away");
        }
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).isSymbol(";")) {
                throw new RefusedSqlException(
                        has("begin", "atomic")
                                ? "a function body that BEGIN ATOMIC begins is not read here: write it as a string, AS $$ ... $$"
                                : "there are several statements in one entry: write each as an entry of its own");
            }
        }
    }

    private void allowed() throws RefusedSqlException {
        Token first = tokens.getFirst();
        String word = first.kind() == Token.Kind.WORD ? first.text() : "";
        String shown = word.toUpperCase(Locale.ROOT);
        if (TRANSACTION.contains(word)) {
            throw new RefusedSqlException(
                    shown + " would begin or end a transaction: take it away, each statement is run in one of its own");
        }
        if (SESSION.contains(word)) {
            throw new RefusedSqlException(
                    shown + " would change the session in which the migration is run: name schemas and"
                            + " tables in full, and set what is to stay with ALTER TABLE, ALTER FUNCTION or rollout");
        }
        if (word.equals("copy")) {
            throw new RefusedSqlException("COPY has no data to read here: write INSERT, or fill rows with a backfill");
        }
        if (word.equals("reindex")) {
            throw new RefusedSqlException(
                    "REINDEX changes no schema and cannot go on where it was broken off: run it by hand");
        }
        if (!KNOWN.contains(word)) {
            throw new RefusedSqlException("a migration does not run a statement that begins with "
                    + (word.isEmpty() ? "no keyword" : shown) + ": "
                    + String.join(
                            ", ",
                            KNOWN.stream()
                                    .sorted()
                                    .map(known -> known.toUpperCase(Locale.ROOT))
                                    .toList()) + " are run");
        }
        if (tokens.stream().anyMatch(token -> token.isName() && token.text().equals("set_config"))) {
            throw new RefusedSqlException(
                    "set_config would change the session in which the migration is run: take it away");
        }
        boolean defines = word.equals("create") || word.equals("alter") || word.equals("drop");
        if (defines && OF_THE_SERVER.contains(at(1)) && !at(2).equals("mapping")) {
            throw new RefusedSqlException(shown + " " + at(1).toUpperCase(Locale.ROOT)
                    + " changes more than the schema of a shard's database: do it by hand, or in the ShardedCluster");
        }
    }

    private Manner manner() throws RefusedSqlException {
        String first = at(0);
        if (first.equals("vacuum")) {
            return new Manner.Repeatable();
        }
        int place = indexOf("concurrently");
        boolean isIndex = at(1).equals("index") || (at(1).equals("unique") && at(2).equals("index"));
        if (place > 0 && isIndex && first.equals("create")) {
            return buildIndex(place + 1);
        }
        if (place > 0 && isIndex && first.equals("drop")) {
            return dropIndex(place + 1);
        }
        if (place > 0 && first.equals("alter") && has("detach", "partition")) {
            throw new RefusedSqlException(
                    "DETACH PARTITION ... CONCURRENTLY cannot go on where it was broken off: leave"
                            + " CONCURRENTLY out, its lock is waited for no longer than rollout.lockTimeout");
        }
        return new Manner.InTransaction();
    }

    private Manner buildIndex(int from) throws RefusedSqlException {
        int place = from;
        if (at(place).equals("if")) {
            place += 3;
        }
        if (at(place).equals("on") || !isName(place)) {
            throw new RefusedSqlException(
                    "an index that is built CONCURRENTLY needs a name, by which what a broken off try"
                            + " left is known: write CREATE INDEX CONCURRENTLY name ON ...");
        }
        String index = tokens.get(place).text();
        quoted(index);
        place++;
        if (!at(place).equals("on")) {
            throw new RefusedSqlException("ON and a table are expected after the name of the index");
        }
        place += at(place + 1).equals("only") ? 2 : 1;
        return new Manner.BuildIndex(qualifiedName(place), index);
    }

    private Manner dropIndex(int from) throws RefusedSqlException {
        int place = at(from).equals("if") ? from + 2 : from;
        return new Manner.DropIndex(qualifiedName(place));
    }

    private String qualifiedName(int from) throws RefusedSqlException {
        if (!isName(from)) {
            throw new RefusedSqlException("a name is expected after CONCURRENTLY or ON");
        }
        boolean qualified = from + 2 < tokens.size() && tokens.get(from + 1).isSymbol(".") && isName(from + 2);
        String first = quoted(tokens.get(from).text());
        return qualified ? first + "." + quoted(tokens.get(from + 2).text()) : first;
    }

    private static String quoted(String name) throws RefusedSqlException {
        try {
            return SqlText.identifier(name);
        } catch (IllegalArgumentException e) {
            throw new RefusedSqlException(name + " cannot be a name: " + e.getMessage());
        }
    }

    private boolean isName(int place) {
        return place < tokens.size() && tokens.get(place).isName();
    }

    /** A keyword; empty when there is none. */
    private String at(int place) {
        boolean isWord = place < tokens.size() && tokens.get(place).kind() == Token.Kind.WORD;
        return isWord ? tokens.get(place).text() : "";
    }

    private int indexOf(String word) {
        for (int i = 0; i < tokens.size(); i++) {
            if (tokens.get(i).isWord(word) && tokens.get(i).depth() == 0) {
                return i;
            }
        }
        return -1;
    }

    private boolean has(String word, String next) {
        for (int i = 0; i + 1 < tokens.size(); i++) {
            if (at(i).equals(word) && at(i + 1).equals(next)) {
                return true;
            }
        }
        return false;
    }
}
