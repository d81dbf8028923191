package io.pgmosaic.operator.migration.sql;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** Divides a text by PostgreSQL's lexical rules, with {@code standard_conforming_strings} on. */
final class Lexer {
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int depth;

    private Lexer(String text) {
        this.text = text;
    }

    /** @throws RefusedSqlException when something is left open, or is no SQL at all */
    static List<Token> tokens(String text) throws RefusedSqlException {
        Lexer lexer = new Lexer(text);
        while (lexer.at < text.length()) {
            lexer.next();
        }
        return List.copyOf(lexer.tokens);
    }

    private void next() throws RefusedSqlException {
        char c = text.charAt(at);
        if (isSpace(c)) {
            at++;
        } else if (text.startsWith("--", at)) {
            lineComment();
        } else if (text.startsWith("/*", at)) {
            blockComment();
        } else if (c == '\'') {
            quoted('\'', false);
            add(Token.Kind.LITERAL, "");
        } else if (c == '"') {
            add(Token.Kind.QUOTED_NAME, quoted('"', false));
        } else if (c == '$') {
            dollar();
        } else if (isNameStart(c)) {
            word();
        } else if (isDigit(c)) {
            number();
        } else {
            symbol(c);
        }
    }

    private void symbol(char c) throws RefusedSqlException {
        if (c == '\\') {
            throw new RefusedSqlException(
                    "a backslash outside of quotes begins a command of psql, which no server knows:"
                            + " write the statement that it stands for");
        }
        if (c == '\0') {
            throw new RefusedSqlException("there is a character of code 0: take it away");
        }
        if (c == ')') {
            depth--;
        }
        add(Token.Kind.SYMBOL, String.valueOf(c));
        if (c == '(') {
            depth++;
        }
        at++;
    }

    private void lineComment() {
        while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
            at++;
        }
    }

    /** They nest. */
    private void blockComment() throws RefusedSqlException {
        int open = 0;
        do {
            if (text.startsWith("/*", at)) {
                open++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                open--;
                at += 2;
            } else if (at++ >= text.length()) {
                throw new RefusedSqlException("a comment that /* begins is not ended: write */");
            }
        } while (open > 0);
    }

    /** From its first quote until behind its last; what is between, with doubled quotes made one. */
    private String quoted(char quote, boolean backslashes) throws RefusedSqlException {
        StringBuilder inside = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == quote) {
                at++;
                if (at >= text.length() || text.charAt(at) != quote) {
                    return inside.toString();
                }
            } else if (c == '\\' && backslashes) {
                at++;
            }
            inside.append(c);
        }
        throw new RefusedSqlException(
                "a " + (quote == '"' ? "name" : "string") + " is not ended: write the closing " + quote);
    }

    /** The dollar quote that begins here; null when none does. */
    private @Nullable String dollarTag() {
        int end = at + 1;
        while (end < text.length() && isTagPart(text.charAt(end), end == at + 1)) {
            end++;
        }
        return end < text.length() && text.charAt(end) == '$' ? text.substring(at, end + 1) : null;
    }

    private void dollar() throws RefusedSqlException {
        String tag = dollarTag();
        if (tag == null) {
            symbol('$');
            return;
        }
        int end = text.indexOf(tag, at + tag.length());
        if (end < 0) {
            throw new RefusedSqlException("a string that " + tag + " begins is not ended: write " + tag + " again");
        }
        at = end + tag.length();
        add(Token.Kind.LITERAL, "");
    }

    private void word() throws RefusedSqlException {
        int from = at;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        String word = lowerCase(text.substring(from, at));
        boolean quoteFollows = at < text.length() && text.charAt(at) == '\'';
        if (word.equals("e") && quoteFollows) {
            quoted('\'', true);
            refuseContinuation();
            add(Token.Kind.LITERAL, "");
        } else if ((word.equals("b") || word.equals("x") || word.equals("n")) && quoteFollows) {
            quoted('\'', false);
            add(Token.Kind.LITERAL, "");
        } else if (word.equals("u") && (text.startsWith("&\"", at) || text.startsWith("&'", at))) {
            throw new RefusedSqlException("U& is not read here: write the characters themselves");
        } else {
            add(Token.Kind.WORD, word);
        }
    }

    /** A literal goes on in the next line; in such a line the server reads backslashes, and the driver does not. */
    private void refuseContinuation() throws RefusedSqlException {
        int ahead = at;
        while (ahead < text.length() && (isSpace(text.charAt(ahead)) || text.startsWith("--", ahead))) {
            if (text.startsWith("--", ahead)) {
                while (ahead < text.length() && text.charAt(ahead) != '\n' && text.charAt(ahead) != '\r') {
                    ahead++;
                }
            } else {
                ahead++;
            }
        }
        if (ahead > at && ahead < text.length() && text.charAt(ahead) == '\'') {
            throw new RefusedSqlException("a string of the form E'...' goes on in another line: write it as one");
        }
    }

    private void number() {
        while (at < text.length() && (isDigit(text.charAt(at)) || isNameStart(text.charAt(at)))) {
            at++;
        }
        add(Token.Kind.LITERAL, "");
    }

    private void add(Token.Kind kind, String what) {
        tokens.add(new Token(kind, what, depth));
    }

    /** As the server does it: letters of ASCII alone. */
    private static String lowerCase(String word) {
        StringBuilder lower = new StringBuilder(word.length());
        word.chars().map(c -> c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c).forEach(c -> lower.append((char) c));
        return lower.toString();
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNameStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
    }

    private static boolean isNamePart(char c) {
        return isNameStart(c) || isDigit(c) || c == '$';
    }

    private static boolean isTagPart(char c, boolean first) {
        return isNameStart(c) || (!first && isDigit(c));
    }
}
