package io.pgmosaic.operator.simulation;

import io.pgmosaic.operator.plan.InstanceFacts;
import io.pgmosaic.operator.plan.ShardFacts;
import io.pgmosaic.operator.plan.ShardPlan;
import io.pgmosaic.operator.plan.ShardPlanner;
import io.pgmosaic.operator.plan.ShardRecord;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.InstanceStatus;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** One that thinks it leads: what it remembers of the record and has seen of the instances, and the product's decisions. */
final class Operator {
    private static final String[] ADDRESSES = {"10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4", "10.0.0.5"};

    private record Planned(ShardPlan plan, ShardRecord from, long version) {}

    /** A lease's, as the instance last told it. */
    private record Token(int boot, long localTime) {}

    final int node;
    private final Shard shard;
    private final Sighting[] seen = new Sighting[Shard.MOST];
    private final @Nullable Token[] tokens = new Token[Shard.MOST];
    private ShardRecord record;
    private long version;
    private @Nullable Planned planned;
    boolean apiIsCut;

    @Nullable
    ShardPlan last;

    Operator(Shard shard, int number) {
        this.shard = shard;
        this.node = Shard.MOST + number;
        this.record = shard.store.record;
        this.version = shard.store.version;
        for (int i = 0; i < seen.length; i++) {
            seen[i] = new Sighting(i);
        }
    }

    /** Another process takes over, with nothing but the record. */
    void restart() {
        for (int i = 0; i < seen.length; i++) {
            seen[i].forget();
            tokens[i] = null;
        }
        planned = null;
        refresh();
    }

    void refresh() {
        if (!apiIsCut) {
            record = shard.store.record;
            version = shard.store.version;
            for (int i = 0; i < seen.length; i++) {
                seen[i].podEnded = !shard.instances[i].up;
            }
        }
    }

    // ---- see

    void look(int number, boolean late) {
        Instance instance = shard.instances[number];
        boolean arrives = instance.acts() && shard.network.carries(node, number);
        if (arrives) {
            confirmTerm(instance);
        }
        if (!arrives || !shard.network.carries(number, node)) {
            seen[number].failed(!instance.up && shard.network.bothWays(node, number), shard.now);
            return;
        }
        tokens[number] = new Token(instance.boot, instance.localNow());
        InstanceStatus status = StatusOf.instance(instance, shard.nextChange());
        if (late) {
            shard.post(new Message.Answer(number, node, status));
        } else {
            answered(number, status);
        }
    }

    void answered(int number, InstanceStatus status) {
        seen[number].answered(status, shard.now);
    }

    /** With what is recorded at a moment after the token was given. */
    private void confirmTerm(Instance instance) {
        Token token = tokens[instance.number];
        boolean fromMemory = shard.mutant == Mutant.CONFIRM_FROM_MEMORY;
        ShardRecord known = fromMemory ? record : shard.store.record;
        if (token != null && (fromMemory || !apiIsCut) && instance.name.equals(known.primary())) {
            instance.confirmTerm(known.term(), token.boot(), token.localTime());
        }
    }

    ShardFacts facts() {
        List<InstanceFacts> instances = new ArrayList<>(Shard.MOST);
        Sighting primary = record.primary() == null ? null : seen[Shard.number(record.primary())];
        for (int i = 0; i < Math.max(shard.declared(), shard.pods); i++) {
            boolean exists = i < shard.pods;
            instances.add(new InstanceFacts(
                    Shard.name(i),
                    i,
                    new InstanceFacts.PodFacts(
                            exists ? ADDRESSES[i] : null, null, !exists || seen[i].podEnded, null, false),
                    false,
                    seen[i].fresh(shard.now),
                    seen[i].contact(primary, shard.now),
                    null));
        }
        return new ShardFacts(
                Shard.IDENTITY, shard.spec(), record, instances, false, false, true, Instant.ofEpochMilli(shard.now));
    }

    // ---- decide

    void plan() {
        ShardFacts facts = Sabotage.of(facts(), shard.mutant);
        ShardPlan plan = ShardPlanner.plan(facts);
        if (plan.databaseReachable() && reachesPrimary() && mayMatter()) {
            facts = facts.withDatabaseReady();
            plan = ShardPlanner.plan(facts);
        }
        planned = new Planned(Sabotage.of(plan, facts, shard.mutant), record, version);
        last = planned.plan();
    }

    /** That the database is complete is asked for before clients are let in, and not after. */
    private boolean mayMatter() {
        return !record.configuration().acceptClients()
                || record.primary() == null
                || !shard.instance(record.primary()).open;
    }

    private boolean reachesPrimary() {
        int primary = record.primary() == null ? 0 : Shard.number(record.primary());
        return shard.instances[primary].acts() && shard.network.bothWays(node, primary);
    }

    // ---- act

    boolean hasPlan() {
        return planned != null;
    }

    /** Stores the record, or carries out what the stored one backs; never both. */
    void act() {
        Planned now = planned;
        planned = null;
        if (now == null) {
            return;
        }
        ShardPlan plan = now.plan();
        if (!plan.record().equals(now.from())) {
            if (!apiIsCut && shard.store.compareAndSet(now.version(), plan.record())) {
                shard.trace.say(() -> "  operator " + (node - Shard.MOST) + " records " + Shard.text(plan.record()));
                record = plan.record();
                version = shard.store.version;
            } else {
                refresh();
            }
            return;
        }
        if (!apiIsCut) {
            shard.scale(plan.replicas());
        }
        for (InstanceCommand command : plan.commands()) {
            shard.send(new Message.Command(
                    node,
                    Shard.number(command.target().instance()),
                    shard.instances[Shard.number(command.target().instance())].boot,
                    command));
        }
    }
}
