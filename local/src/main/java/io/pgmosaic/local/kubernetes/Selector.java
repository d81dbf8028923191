package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Arrays;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Label and field selectors in the API's query syntax. */
final class Selector {
    private static final Pattern SET =
            Pattern.compile("\\s*([^\\s!=,()]+)\\s+(in|notin)\\s*\\(([^)]*)\\)\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern EQUALITY = Pattern.compile("\\s*([^\\s!=,()]+)\\s*(==|=|!=)\\s*([^\\s,()]*)\\s*");
    private static final Pattern EXISTS = Pattern.compile("\\s*(!?)\\s*([^\\s!=,()]+)\\s*");
    private static final Pattern COMMA_OUTSIDE_PARENTHESES = Pattern.compile(",(?![^(]*\\))");

    private Selector() {}

    /** Empty text selects everything. */
    static Predicate<JsonNode> labels(String text) {
        return parse(
                text, (object, key) -> object.path("metadata").path("labels").path(key));
    }

    /** Fields are dotted paths; any path may be named. */
    static Predicate<JsonNode> fields(String text) {
        return parse(text, (object, key) -> object.at("/" + key.replace('.', '/')));
    }

    @FunctionalInterface
    private interface Lookup {
        JsonNode find(JsonNode object, String key);
    }

    private static Predicate<JsonNode> parse(String text, Lookup lookup) {
        if (text.isBlank()) {
            return object -> true;
        }
        return COMMA_OUTSIDE_PARENTHESES
                .splitAsStream(text)
                .map(part -> requirement(part, lookup))
                .reduce(object -> true, Predicate::and);
    }

    private static Predicate<JsonNode> requirement(String part, Lookup lookup) {
        Matcher set = SET.matcher(part);
        if (set.matches()) {
            var values =
                    Arrays.stream(set.group(3).split(",", -1)).map(String::trim).toList();
            Predicate<JsonNode> in = object -> {
                JsonNode value = lookup.find(object, set.group(1));
                return !value.isMissingNode() && values.contains(value.asText());
            };
            return set.group(2).equalsIgnoreCase("in") ? in : in.negate();
        }
        Matcher equality = EQUALITY.matcher(part);
        if (equality.matches()) {
            Predicate<JsonNode> equal =
                    object -> lookup.find(object, equality.group(1)).asText().equals(equality.group(3));
            return equality.group(2).equals("!=") ? equal.negate() : equal;
        }
        Matcher exists = EXISTS.matcher(part);
        if (exists.matches()) {
            boolean wanted = exists.group(1).isEmpty();
            return object -> lookup.find(object, exists.group(2)).isMissingNode() != wanted;
        }
        throw ApiProblem.badRequest("unable to parse requirement: " + part);
    }
}
