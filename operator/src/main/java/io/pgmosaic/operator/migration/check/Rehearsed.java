package io.pgmosaic.operator.migration.check;

import io.pgmosaic.api.v1alpha1.migration.SafetyFinding;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a rehearsal has shown.
 *
 * @param findings what would hurt, in the order of the statements
 * @param touched names of the tables, of those that there were, that the statements use or change
 * @param made names of the tables that the statements make, and new names of those that there were
 */
public record Rehearsed(List<SafetyFinding> findings, Set<String> touched, Set<String> made) {
    public Rehearsed {
        findings = List.copyOf(findings);
        touched = Set.copyOf(touched);
        made = Set.copyOf(made);
    }

    /** All tables that they concern, as {@code schema.name} without quotes. */
    public Set<String> tables() {
        return Stream.concat(touched.stream(), made.stream())
                .map(SqlNames::unquoted)
                .collect(Collectors.toUnmodifiableSet());
    }
}
