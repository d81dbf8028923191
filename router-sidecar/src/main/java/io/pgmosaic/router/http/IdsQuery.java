package io.pgmosaic.router.http;

import io.pgmosaic.router.ids.IdKind;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The query of {@code GET /v1/ids}. */
record IdsQuery(IdKind kind, int count) {
    /** Most ids of one request. */
    static final int MOST = 10_000;

    private static final String KINDS =
            Arrays.stream(IdKind.values()).map(IdKind::text).collect(Collectors.joining(", "));

    /** @throws ProblemException for anything but a kind and at most one count */
    static IdsQuery parse(@Nullable String query) throws ProblemException {
        @Nullable String kind = null;
        @Nullable String count = null;
        for (String part : (query == null ? "" : query).split("&", -1)) {
            int equals = part.indexOf('=');
            String name = equals < 0 ? part : part.substring(0, equals);
            String value = equals < 0 ? "" : part.substring(equals + 1);
            switch (name) {
                case "" -> {}
                case "kind" -> kind = once(name, kind, value);
                case "count" -> count = once(name, count, value);
                default ->
                    throw invalid("there is no parameter " + Problem.quoted(name) + "; known are kind and count");
            }
        }
        return new IdsQuery(kind(kind), count(count));
    }

    private static IdKind kind(@Nullable String text) throws ProblemException {
        if (text == null) {
            throw invalid("name the kind: kind= one of " + KINDS);
        }
        for (IdKind kind : IdKind.values()) {
            if (kind.text().equals(text)) {
                return kind;
            }
        }
        throw invalid("kind is one of " + KINDS + ", not " + Problem.quoted(text));
    }

    private static int count(@Nullable String text) throws ProblemException {
        if (text == null) {
            return 1;
        }
        try {
            int count = Integer.parseInt(text);
            if (count >= 1 && count <= MOST) {
                return count;
            }
        } catch (NumberFormatException notANumber) {
            // Answered like a number that is out of range.
        }
        throw invalid("count is a number from 1 to " + MOST + ", not " + Problem.quoted(text));
    }

    private static String once(String name, @Nullable String before, String value) throws ProblemException {
        if (before != null) {
            throw invalid(name + " is given twice");
        }
        return value;
    }

    private static ProblemException invalid(String detail) {
        return new ProblemException(Problem.invalidRequest(detail));
    }
}
