package io.pgmosaic.local.chaos;

import io.pgmosaic.checker.Violation;
import io.pgmosaic.checker.consistency.ConsistencyLog;
import io.pgmosaic.local.chaos.ChaosRun.Plan;
import io.pgmosaic.local.chaos.ChaosRun.Result;
import io.pgmosaic.local.chaos.Fault.Kind;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Consumer;

/** Reads with guarantees through every kind of failover, until each guarantee was checked often enough. */
public final class ConsistencySoak {
    private static final int READERS = 16;
    private static final int SHARDS = 2;
    private static final int WRITERS = 2;
    /** As many as are in a round of turns before it is looked at how often the guarantees were checked. */
    private static final int FAULTS = 20;

    private static final EnumSet<Kind> KINDS = EnumSet.of(
            Kind.POSTGRES_KILL, Kind.POD_KILL, Kind.POSTGRES_STOP, Kind.POD_STOP, Kind.OPERATOR_KILL, Kind.API_STOP);

    private ConsistencySoak() {}

    /**
     * @param faults that happened
     * @param violations of any promise, also of those that are not about reads
     */
    public record Outcome(ConsistencyLog log, int faults, List<Violation> violations) {
        public Outcome {
            violations = List.copyOf(violations);
        }

        public boolean isClean() {
            return violations.isEmpty();
        }
    }

    /** @param reads how often each guarantee is to be checked at least */
    public static Outcome run(long seed, long reads, Consumer<String> log) throws Exception {
        Plan plan = new Plan(
                seed,
                FAULTS,
                KINDS,
                SHARDS,
                WRITERS,
                Duration.ofMillis(200),
                Duration.ofSeconds(8),
                Duration.ofMinutes(2),
                READERS,
                reads);
        ChaosRun run =
                ChaosRun.start(plan, "consistency-" + ProcessHandle.current().pid(), log);
        Thread atInterrupt = new Thread(run::close, "end of the run");
        Runtime.getRuntime().addShutdownHook(atInterrupt);
        try {
            Result result = run.run();
            result.violations().forEach(violation -> log.accept(violation.toString()));
            return new Outcome(
                    result.consistency(),
                    result.outages().stream()
                            .mapToInt(outage -> outage.round().faults().size())
                            .sum(),
                    result.violations());
        } finally {
            Runtime.getRuntime().removeShutdownHook(atInterrupt);
            run.close();
            run.patient().local().deleteAllButLogs();
        }
    }
}
