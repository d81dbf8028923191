package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.common.Patterns;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Collects problems; the checks that many fields share are here. */
final class Problems {
    private static final Pattern SQL_IDENTIFIER = Pattern.compile(Patterns.SQL_IDENTIFIER);
    private static final Pattern DNS_LABEL = Pattern.compile(Patterns.DNS_LABEL);
    private static final Pattern DNS_SUBDOMAIN = Pattern.compile(Patterns.DNS_SUBDOMAIN);

    private final List<Problem> found = new ArrayList<>();

    List<Problem> found() {
        return List.copyOf(found);
    }

    void add(String field, Problem.Kind kind, String message) {
        found.add(new Problem(field, kind, message));
    }

    /** Adds the problem unless {@code holds}. */
    void require(boolean holds, String field, Problem.Kind kind, String message) {
        if (!holds) {
            add(field, kind, message);
        }
    }

    boolean sqlIdentifier(String field, String value) {
        return text(
                field,
                value,
                SQL_IDENTIFIER,
                Patterns.SQL_IDENTIFIER_LENGTH,
                "an SQL identifier: write lower-case letters, digits and underscores, beginning with a letter or underscore");
    }

    boolean dnsLabel(String field, String value, int longest) {
        return text(
                field,
                value,
                DNS_LABEL,
                longest,
                "a DNS label: write lower-case letters, digits and hyphens, beginning with a letter and not ending with a hyphen");
    }

    boolean dnsSubdomain(String field, String value) {
        return text(
                field,
                value,
                DNS_SUBDOMAIN,
                Patterns.DNS_SUBDOMAIN_LENGTH,
                "the name of a Kubernetes object: write lower-case letters, digits, hyphens and dots");
    }

    /**
     * @param what what the value must be and how to write it, after "is not"
     * @return whether it is that
     */
    boolean text(String field, String value, Pattern shape, int longest, String what) {
        if (value.isEmpty()) {
            add(field, Problem.Kind.MISSING, "is missing; it must be " + what);
            return false;
        }
        // matches() and not find(): "$" would let a line feed at the end pass.
        if (value.length() > longest) {
            add(field, Problem.Kind.OUT_OF_RANGE, "has " + value.length() + " characters: write at most " + longest);
            return false;
        }
        if (!shape.matcher(value).matches()) {
            add(field, Problem.Kind.MALFORMED, Shown.of(value) + " is not " + what);
            return false;
        }
        return true;
    }

    void range(String field, long value, long least, long most) {
        if (value < least) {
            add(field, Problem.Kind.OUT_OF_RANGE, "is " + value + ": write at least " + least);
        } else if (value > most) {
            add(field, Problem.Kind.OUT_OF_RANGE, "is " + value + ": write at most " + most);
        }
    }

    void size(String field, int size, int most) {
        require(size <= most, field, Problem.Kind.OUT_OF_RANGE, "has " + size + " elements: write at most " + most);
    }

    /** Names each element that came before. */
    void distinct(String field, List<String> values, String what) {
        Set<String> seen = new HashSet<>();
        for (String value : values) {
            if (!seen.add(value)) {
                add(
                        field,
                        Problem.Kind.DUPLICATE,
                        what + " " + Shown.of(value) + " is listed twice: write each one once");
            }
        }
    }

    /** The duration that the field holds; empty, with the problem noted, when it holds none. */
    Optional<Duration> duration(String field, String value) {
        @Nullable Duration parsed = Durations.parse(value);
        if (parsed == null) {
            add(
                    field,
                    Problem.Kind.MALFORMED,
                    Shown.of(value) + " is not a duration: write a whole number and ms, s, m or h, such as 2s");
        }
        return Optional.ofNullable(parsed);
    }
}
