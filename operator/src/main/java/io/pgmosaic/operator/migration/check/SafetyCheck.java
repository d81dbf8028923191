package io.pgmosaic.operator.migration.check;

import io.pgmosaic.api.v1alpha1.migration.SafetyFinding;
import io.pgmosaic.operator.migration.drift.SchemaDifference;
import io.pgmosaic.operator.migration.drift.SchemaDrift;
import io.pgmosaic.operator.migration.drift.ShardSchema;
import io.pgmosaic.operator.migration.record.Step;
import io.pgmosaic.operator.split.ShardDatabase;
import io.pgmosaic.operator.split.schema.SchemaSource;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Finds out what a migration would do to a cluster, before any shard is changed. */
public final class SafetyCheck {
    private SafetyCheck() {}

    /**
     * @param findings everything that was found
     * @param tables that the statements use, change or make, {@code schema.name}; null when that is not known
     */
    public record Checked(
            List<SafetyFinding> findings, @Nullable Set<String> tables) {
        public Checked {
            findings = List.copyOf(findings);
            tables = tables == null ? null : Set.copyOf(tables);
        }
    }

    /**
     * Looks at all shards, and rehearses the statements on the first; those that undo expand in a database of their own, after expand.
     * Blocks for as long as that takes, seconds as a rule.
     *
     * @param shards all of the cluster, the canary first
     * @param schema of the canary
     * @param statements of all steps, in their order
     * @return what was found; empty while another migration is rehearsed there
     * @throws IOException when the instance manager cannot tell the schema
     */
    public static Optional<Checked> run(
            List<ShardDatabase> shards, SchemaSource schema, List<RehearsedStatement> statements)
            throws SQLException, IOException, InterruptedException {
        TableSizes sizes = new TableSizes();
        Map<String, ShardSchema> schemas = new HashMap<>();
        for (ShardDatabase shard : shards) {
            try (Connection session = shard.asSuperuser()) {
                sizes.add(shard.shard(), session);
                schemas.put(shard.shard(), ShardSchema.read(session));
            }
        }
        try {
            Optional<List<SafetyFinding>> undone = undone(shards.getFirst(), schema, sizes, statements);
            Optional<RehearsalDatabase> made = RehearsalDatabase.make(shards.getFirst(), schema);
            if (undone.isEmpty() || made.isEmpty()) {
                return Optional.empty();
            }
            try (RehearsalDatabase database = made.get();
                    Connection session = database.open()) {
                Rehearsed rehearsed = new Rehearsal(session, sizes)
                        .of(statements.stream()
                                .filter(one -> one.step() != Step.UNDO)
                                .toList());
                List<SafetyFinding> findings = new ArrayList<>(rehearsed.findings());
                SchemaDrift.between(schemas).stream()
                        .filter(difference -> rehearsed.touched().stream().anyMatch(difference::isOf))
                        .map(SafetyCheck::finding)
                        .forEach(findings::add);
                findings.addAll(undone.get());
                return Optional.of(new Checked(findings, rehearsed.tables()));
            }
        } catch (NoRehearsalException e) {
            SafetyFinding unknown = new SafetyFinding(
                    Hazard.NOT_REHEARSED.word(),
                    null,
                    e.getMessage()
                            + ". Nothing is known of what the statements would do: look through them, and accept that");
            return Optional.of(new Checked(List.of(unknown), null));
        }
    }

    /** What stands against the step back, which comes after expand alone; empty while another migration is rehearsed there. */
    private static Optional<List<SafetyFinding>> undone(
            ShardDatabase shard, SchemaSource schema, TableSizes sizes, List<RehearsedStatement> statements)
            throws SQLException, IOException, InterruptedException, NoRehearsalException {
        if (statements.stream().noneMatch(one -> one.step() == Step.UNDO)) {
            return Optional.of(List.of());
        }
        Optional<RehearsalDatabase> made = RehearsalDatabase.make(shard, schema);
        if (made.isEmpty()) {
            return Optional.empty();
        }
        try (RehearsalDatabase database = made.get();
                Connection session = database.open()) {
            Rehearsal rehearsal = new Rehearsal(session, sizes);
            boolean isExpanded =
                    rehearsal
                            .of(statements.stream()
                                    .filter(one -> one.step() == Step.EXPAND)
                                    .toList())
                            .findings()
                            .stream()
                            .allMatch(finding -> isAcceptable(finding.name()));
            return Optional.of(
                    isExpanded
                            ? rehearsal
                                    .of(statements.stream()
                                            .filter(one -> one.step() == Step.UNDO)
                                            .toList())
                                    .findings()
                            : List.of());
        }
    }

    private static SafetyFinding finding(SchemaDifference difference) {
        return new SafetyFinding(
                Hazard.SHARDS_DIFFER.word(),
                null,
                difference + ": make the shards alike first, or the statements may fail on some of them");
    }

    /** @param allowed names of findings that a person accepts */
    public static boolean isAccepted(SafetyFinding finding, List<String> allowed) {
        return isAcceptable(finding.name()) && allowed.contains(finding.name());
    }

    /** Whether anybody can accept a finding of this name. */
    public static boolean isAcceptable(String name) {
        return !name.equals(Hazard.CANNOT_RUN.word());
    }
}
