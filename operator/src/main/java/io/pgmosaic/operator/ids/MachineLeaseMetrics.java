package io.pgmosaic.operator.ids;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/**
 * What this replica granted.
 *
 * <pre>
 * pgmosaic_machine_leases_total{outcome="granted|refused"}   routers that were given a number, or more time; that got none
 * pgmosaic_machine_lease_writes_total{outcome="written|conflict"}   changes of a record; attempts that came too late
 * </pre>
 */
final class MachineLeaseMetrics {
    private final Counter granted;
    private final Counter refused;
    private final Counter written;
    private final Counter conflicts;

    MachineLeaseMetrics(MeterRegistry registry) {
        granted = leases(registry, "granted");
        refused = leases(registry, "refused");
        written = writes(registry, "written");
        conflicts = writes(registry, "conflict");
    }

    void granted() {
        granted.increment();
    }

    void refused() {
        refused.increment();
    }

    void written() {
        written.increment();
    }

    void conflict() {
        conflicts.increment();
    }

    private static Counter leases(MeterRegistry registry, String outcome) {
        return Counter.builder("pgmosaic.machine.leases")
                .description("Routers that asked for a machine number, by what came of it")
                .tag("outcome", outcome)
                .register(registry);
    }

    private static Counter writes(MeterRegistry registry, String outcome) {
        return Counter.builder("pgmosaic.machine.lease.writes")
                .description("Changes of a record of machine numbers, and attempts that another replica was before")
                .tag("outcome", outcome)
                .register(registry);
    }
}
