package io.pgmosaic.operator.migration.run;

import io.pgmosaic.operator.migration.plan.MigrationFacts.Work;
import io.pgmosaic.operator.migration.plan.MigrationPlan;
import io.pgmosaic.operator.migration.plan.ShardFacts;
import io.pgmosaic.operator.migration.record.Step;

import java.util.List;
import java.util.stream.Stream;

/** What a person is told of a plan. Pure. */
final class Messages {
    private Messages() {}

    static String of(MigrationPlan plan, List<ShardFacts> facts) {
        return switch (plan.phase()) {
            case COMPLETED -> "every shard has all of it";
            case ROLLED_BACK -> "what expand did is undone on every shard";
            default -> {
                if (!plan.waitingFor().isEmpty()) {
                    yield plan.waitingFor();
                }
                List<String> busy = Stream.concat(
                                facts.stream().filter(ShardFacts::isRunning).map(ShardFacts::name),
                                plan.begin().stream())
                        .distinct()
                        .sorted()
                        .toList();
                yield switch (busy.size()) {
                    case 0 -> plan.step().word() + " is about to go on";
                    case 1 -> plan.step().word() + " on shard " + busy.getFirst();
                    default -> plan.step().word() + " on " + busy.size() + " shards";
                };
            }
        };
    }

    /** Whether nothing is left to do on the shard. */
    static boolean isComplete(ShardFacts shard, MigrationPlan plan, Work work) {
        if (plan.isEnded()) {
            return true;
        }
        return shard.record()
                .filter(record -> !shard.isRunning() && !record.hasBegun(Step.UNDO))
                .filter(record -> record.isDone(Step.EXPAND, work.expand().size())
                        && record.isDone(Step.BACKFILL, work.backfill().size())
                        && record.isDone(Step.CONTRACT, work.contract().size()))
                .isPresent();
    }
}
