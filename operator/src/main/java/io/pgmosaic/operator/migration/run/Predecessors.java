package io.pgmosaic.operator.migration.run;

import io.pgmosaic.api.v1alpha1.migration.MigrationPhase;
import io.pgmosaic.api.v1alpha1.migration.SchemaMigration;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/** The migrations after which another one comes. */
final class Predecessors {
    private Predecessors() {}

    /** Finds a migration by its name. */
    interface Finder {
        @Nullable
        SchemaMigration find(String name);
    }

    /** What has to be completed, or declared, first, for a person; empty when nothing is left of it. */
    static Optional<String> unfinished(List<String> names, Finder finder) {
        for (String name : names) {
            SchemaMigration other = finder.find(name);
            if (other == null) {
                return Optional.of("there is no SchemaMigration " + name
                        + ", after which it comes: create it, or take it out of after");
            }
            if (other.getStatus().phase() != MigrationPhase.COMPLETED) {
                return Optional.of("SchemaMigration " + name + " is not completed, and it comes after that");
            }
        }
        return Optional.empty();
    }
}
