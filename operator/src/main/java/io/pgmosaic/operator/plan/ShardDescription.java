package io.pgmosaic.operator.plan;

import io.pgmosaic.protocol.instance.AppliedConfiguration;
import io.pgmosaic.protocol.instance.InstanceStatus;

/**
 * Decides what is said of a shard whose primary runs: what keeps it from being well, the first thing in the way alone, and what a
 * person should know beside that. Changes nothing.
 *
 * @param primary its status
 * @param streaming how many declared standbys do
 * @param takesWrites whether these suffice
 * @param applied whether the primary runs with the wanted configuration
 */
record ShardDescription(ShardFacts facts, InstanceStatus primary, int streaming, boolean takesWrites, boolean applied) {

    void tell(Draft draft) {
        tellBeside(draft);
        ShardRecord record = facts.record();
        int standbys = facts.spec().instancesPerShard() - 1;
        int acknowledgements = record.configuration().synchronous().acknowledgements();
        if (!takesWrites) {
            draft.find(
                    Reason.WAITING_FOR_STANDBYS,
                    streaming + " of " + standbys + " standbys stream; a commit waits for " + acknowledgements);
        } else if (!applied) {
            draft.find(Reason.CONFIGURING, "the configuration is being applied");
        } else if (!record.configuration().acceptClients()) {
            draft.find(Reason.SETTING_UP_DATABASE, "database, roles, initial SQL and guard are being put in place");
        } else if (!primary.postgres().open() && !Fencing.isShardFenced(facts)) {
            draft.find(
                    Reason.OPENING,
                    record.primary() + " is the primary of term " + record.term() + " and opens once "
                            + acknowledgements + " standbys have all of its log");
        } else if (streaming == standbys) {
            draft.find(Reason.HEALTHY, record.primary() + " is the primary, " + streaming + " standbys stream");
        } else {
            draft.find(Reason.STANDBY_DOWN, streaming + " of " + standbys + " standbys stream");
        }
    }

    private void tellBeside(Draft draft) {
        ShardRecord record = facts.record();
        AppliedConfiguration configuration = primary.postgres().configuration();
        if (configuration != null && !configuration.pendingRestart().isEmpty()) {
            draft.find(
                    Reason.RESTART_PENDING,
                    "changed, and in effect after a restart: " + String.join(", ", configuration.pendingRestart()));
        }
        int standbys = facts.spec().instancesPerShard() - 1;
        int acknowledgements = record.configuration().synchronous().acknowledgements();
        if (record.configuration().acceptClients() && acknowledgements < Math.min(facts.acknowledgements(), standbys)) {
            draft.find(
                    Reason.DURABILITY_REDUCED,
                    "commits wait for " + acknowledgements + " standbys instead of " + facts.acknowledgements()
                            + ", since no more stream; what the primary alone holds is lost if it is lost now");
        }
        if (Fencing.isShardFenced(facts)) {
            draft.find(
                    Reason.FENCED,
                    "the shard is fenced by request: its primary " + record.primary()
                            + " keeps applications out. Remove it from fencing.shards to open it");
        }
    }
}
