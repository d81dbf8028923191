package io.pgmosaic.operator.database;

import io.pgmosaic.operator.plan.Finding;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * How a shard's database was found to be.
 *
 * @param ready whether applications may be let in: database, roles and initial SQL are there and every sharded table that
 *     exists is guarded
 * @param findings what is wrong or missing; empty when all is as declared
 * @param initialSqlChecksum of the initial SQL that ran; null when none did
 * @param guardMapVersion the map version that the guard enforces; 0 while there is none
 * @param size null when it is not known
 */
public record DatabaseReport(
        boolean ready,
        List<Finding> findings,
        @Nullable String initialSqlChecksum,
        long guardMapVersion,
        @Nullable DatabaseSize size) {

    public DatabaseReport {
        findings = List.copyOf(findings);
    }

    static DatabaseReport failed(Finding finding) {
        return new DatabaseReport(false, List.of(finding), null, 0, null);
    }
}
