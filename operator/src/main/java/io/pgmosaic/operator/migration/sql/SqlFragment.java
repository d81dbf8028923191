package io.pgmosaic.operator.migration.sql;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Parts of a backfill's statement: they must stay what they are, wherever they are put. */
public final class SqlFragment {
    private static final Set<String> CLAUSES = Set.of("where", "from", "returning");

    private SqlFragment() {}

    /** @throws RefusedSqlException when it is not the list that follows SET, and nothing else */
    public static void requireSetList(String text) throws RefusedSqlException {
        List<Token> tokens = tokens(text);
        for (int i = 0; i < tokens.size(); i++) {
            Token token = tokens.get(i);
            boolean isComparison =
                    token.isWord("from") && i > 0 && tokens.get(i - 1).isWord("distinct");
            if (token.depth() == 0
                    && token.kind() == Token.Kind.WORD
                    && CLAUSES.contains(token.text())
                    && !isComparison) {
                throw new RefusedSqlException(token.text().toUpperCase(Locale.ROOT)
                        + " cannot follow the SET list: write the condition in where, and other tables in a subquery");
            }
        }
        if (tokens.isEmpty()) {
            throw new RefusedSqlException("it is empty: write what is set, such as total = price * amount");
        }
    }

    /**
     * Names of the columns that a list which follows SET gives values to, as the catalog has them; of an element or a field, the column
     * that it is of.
     *
     * @throws RefusedSqlException when it is no such list
     */
    public static Set<String> columnsSet(String text) throws RefusedSqlException {
        requireSetList(text);
        Set<String> columns = new HashSet<>();
        List<Token> tokens = tokens(text);
        boolean isTarget = true;
        boolean isFirst = true;
        for (Token token : tokens) {
            if (token.isSymbol("=") && token.depth() == 0) {
                isTarget = false;
            } else if (token.isSymbol(",") && token.depth() == 0) {
                isTarget = true;
            } else if (isTarget && isFirst && token.isName()) {
                columns.add(token.text());
            }
            isFirst = token.isSymbol(",") || token.isSymbol("(");
        }
        return Set.copyOf(columns);
    }

    /** @throws RefusedSqlException when it is not a condition that can be put in parentheses */
    public static void requireCondition(String text) throws RefusedSqlException {
        if (tokens(text).isEmpty()) {
            throw new RefusedSqlException("it is empty: write a condition, or leave it out");
        }
    }

    private static List<Token> tokens(String text) throws RefusedSqlException {
        List<Token> tokens = Lexer.tokens(text);
        int depth = 0;
        for (Token token : tokens) {
            depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
            if (token.isSymbol(";")) {
                throw new RefusedSqlException("a semicolon cannot be in it: one backfill is one statement");
            }
            if (depth < 0) {
                break;
            }
            if (token.isName() && token.text().equals("set_config")) {
                throw new RefusedSqlException("set_config would change the session: take it away");
            }
        }
        if (depth != 0) {
            throw new RefusedSqlException("its parentheses do not match: write as many of ( as of )");
        }
        return tokens;
    }
}
