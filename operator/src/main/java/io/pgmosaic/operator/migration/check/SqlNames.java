package io.pgmosaic.operator.migration.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names as {@code quote_ident} writes them. */
final class SqlNames {
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"]|\"\")*)\"");

    private SqlNames() {}

    /** The name itself, its schema before it. */
    static String unquoted(String name) {
        return QUOTED.matcher(name)
                .replaceAll(part -> Matcher.quoteReplacement(part.group(1).replace("\"\"", "\"")));
    }
}
