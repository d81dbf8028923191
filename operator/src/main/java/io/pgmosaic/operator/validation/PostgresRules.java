package io.pgmosaic.operator.validation;

import io.pgmosaic.api.v1alpha1.cluster.PostgresSpec;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.util.TreeMap;
import java.util.regex.Pattern;

/** PostgreSQL's version, image and parameters. */
final class PostgresRules {
    private static final Pattern IMAGE = Pattern.compile(Patterns.IMAGE);
    private static final Pattern PARAMETER_NAME = Pattern.compile(Patterns.PARAMETER_NAME);
    private static final Pattern PARAMETER_VALUE = Pattern.compile(Patterns.PARAMETER_VALUE);
    private static final int LONGEST_VALUE = 1024;
    private static final int LONGEST_NAME = 127;
    private static final int MOST_PARAMETERS = 200;

    private PostgresRules() {}

    static void check(PostgresSpec postgres, Problems problems) {
        if (postgres.version() == 0) {
            problems.add(
                    "spec.postgres.version", Problem.Kind.MISSING, "is missing: write a major version from 15 to 18");
        } else {
            problems.range("spec.postgres.version", postgres.version(), 15, 18);
        }
        if (postgres.image() != null) {
            problems.text(
                    "spec.postgres.image",
                    postgres.image(),
                    IMAGE,
                    512,
                    "an image reference: write registry/repository:tag or registry/repository@digest");
        }
        problems.size("spec.postgres.parameters", postgres.parameters().size(), MOST_PARAMETERS);
        new TreeMap<>(postgres.parameters()).forEach((name, value) -> parameter(name, value, problems));
    }

    private static void parameter(String name, String value, Problems problems) {
        boolean wellFormed = problems.text(
                "spec.postgres.parameters",
                name,
                PARAMETER_NAME,
                LONGEST_NAME,
                "a PostgreSQL parameter: write lower-case letters, digits and underscores, with one dot for an extension's"
                        + " parameter");
        if (!wellFormed) {
            return;
        }
        String field = "spec.postgres.parameters." + name;
        if (value.length() > LONGEST_VALUE) {
            problems.add(
                    field,
                    Problem.Kind.OUT_OF_RANGE,
                    "has " + value.length() + " characters: write at most " + LONGEST_VALUE);
        } else if (!PARAMETER_VALUE.matcher(value).matches()) {
            problems.add(
                    field,
                    Problem.Kind.MALFORMED,
                    Shown.of(value) + " holds a control character: write one line of text");
        }
        ParameterPolicy.objection(name, value)
                .ifPresent(objection -> problems.add(field, Problem.Kind.RESERVED, objection));
    }
}
