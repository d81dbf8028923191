package io.pgmosaic.router.http;

import io.pgmosaic.router.ids.IdKind;
import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The query of {@code GET /v1/ids}. */
record IdsQuery(IdKind kind, int count) {
    /** Most ids of one request. */
    static final int MOST = 10_000;

    private static final String KINDS =
            Arrays.stream(IdKind.values()).map(IdKind::text).collect(Collectors.joining(", "));

    /** @throws ProblemException for anything but a kind and at most one count */
    static IdsQuery parse(@Nullable String query) throws ProblemException {
        QueryParameters given = QueryParameters.parse(query, List.of("kind", "count"));
        return new IdsQuery(kind(given.value("kind")), count(given.value("count")));
    }

    private static IdKind kind(@Nullable String text) throws ProblemException {
        if (text == null) {
            throw QueryParameters.invalid("name the kind: kind= one of " + KINDS);
        }
        for (IdKind kind : IdKind.values()) {
            if (kind.text().equals(text)) {
                return kind;
            }
        }
        throw QueryParameters.invalid("kind is one of " + KINDS + ", not " + Problem.quoted(text));
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
        throw QueryParameters.invalid("count is a number from 1 to " + MOST + ", not " + Problem.quoted(text));
    }
}
