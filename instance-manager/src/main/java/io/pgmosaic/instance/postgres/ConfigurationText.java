package io.pgmosaic.instance.postgres;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Writes {@code name = 'value'} lines such that PostgreSQL reads back exactly the value. */
public final class ConfigurationText {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)?");
    private final StringBuilder text = new StringBuilder();

    ConfigurationText comment(String words) {
        text.append("# ").append(words).append('\n');
        return this;
    }

    ConfigurationText settings(Map<String, String> settings) {
        new TreeMap<>(settings).forEach(this::setting);
        return this;
    }

    ConfigurationText setting(String name, String value) {
        if (!isName(name)) {
            throw new IllegalArgumentException("not a parameter name: " + name);
        }
        text.append(name).append(" = ").append(quote(value)).append('\n');
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }

    /** True for what can be a parameter's name, custom ones with one dot included. */
    public static boolean isName(String name) {
        return name.length() <= 127 && NAME.matcher(name).matches();
    }

    /**
     * A string as the server's configuration scanner reads it ({@code DeescapeQuotedString} in guc-file.l): backslash
     * escapes, two quotes for one, no raw newline.
     *
     * @throws IllegalArgumentException when the value holds a NUL, which no setting can
     */
    public static String quote(String value) {
        StringBuilder quoted = new StringBuilder(value.length() + 2).append('\'');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\0' -> throw new IllegalArgumentException("a parameter's value holds a NUL character");
                case '\'' -> quoted.append("''");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                default -> quoted.append(c);
            }
        }
        return quoted.append('\'').toString();
    }
}
