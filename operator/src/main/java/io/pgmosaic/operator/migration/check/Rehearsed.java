package io.pgmosaic.operator.migration.check;

import io.pgmosaic.api.v1alpha1.migration.SafetyFinding;

import java.util.List;
import java.util.Set;

/**
 * What a rehearsal has shown.
 *
 * @param findings what would hurt, in the order of the statements
 * @param touched names of the tables, of those that there were, that the statements use or change
 */
public record Rehearsed(List<SafetyFinding> findings, Set<String> touched) {
    public Rehearsed {
        findings = List.copyOf(findings);
        touched = Set.copyOf(touched);
    }
}
