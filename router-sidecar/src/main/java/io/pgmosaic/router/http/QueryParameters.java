package io.pgmosaic.router.http;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The parameters of a query of which each is given at most once. Lookups of a key read theirs in one pass of their own. */
final class QueryParameters {
    private final Map<String, String> values;

    private QueryParameters(Map<String, String> values) {
        this.values = values;
    }

    /** @throws ProblemException for a name that is not known, or is given twice, and for what is not percent-encoded UTF-8 */
    static QueryParameters parse(@Nullable String query, List<String> known) throws ProblemException {
        Map<String, String> values = new HashMap<>();
        for (String part : (query == null ? "" : query).split("&", -1)) {
            if (part.isEmpty()) {
                continue;
            }
            int equals = part.indexOf('=');
            int nameEnd = equals < 0 ? part.length() : equals;
            String name = decode(part, 0, nameEnd);
            if (!known.contains(name)) {
                throw invalid(
                        "there is no parameter " + Problem.quoted(name) + "; known are " + String.join(", ", known));
            }
            if (values.put(name, decode(part, Math.min(nameEnd + 1, part.length()), part.length())) != null) {
                throw invalid(name + " is given twice");
            }
        }
        return new QueryParameters(values);
    }

    /** @throws ProblemException when the text is not percent-encoded UTF-8 */
    static String decode(String text, int from, int to) throws ProblemException {
        @Nullable String decoded = PercentEncoding.decode(text, from, to);
        if (decoded == null) {
            throw invalid("the query is not percent-encoded UTF-8; write é as %C3%A9 and % as %25");
        }
        return decoded;
    }

    /** Null when it is not given. */
    @Nullable
    String value(String name) {
        return values.get(name);
    }

    static ProblemException invalid(String detail) {
        return new ProblemException(Problem.invalidRequest(detail));
    }
}
