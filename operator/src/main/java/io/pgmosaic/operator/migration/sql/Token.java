package io.pgmosaic.operator.migration.sql;

/**
 * A part of a statement; comments and white space are none.
 *
 * @param text a word in lower case, a quoted name without its quotes, a symbol as it is; empty for a literal
 * @param depth how many parentheses are open before it
 */
record Token(Kind kind, String text, int depth) {
    enum Kind {
        /** A keyword or a name without quotes. */
        WORD,
        QUOTED_NAME,
        /** A string or a number. */
        LITERAL,
        /** One character of an operator, or punctuation. */
        SYMBOL
    }

    boolean isWord(String word) {
        return kind == Kind.WORD && text.equals(word);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    boolean isName() {
        return kind == Kind.WORD || kind == Kind.QUOTED_NAME;
    }
}
