package io.pgmosaic.operator.simulation;

import io.pgmosaic.api.v1alpha1.cluster.ReplicationMode;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
import io.pgmosaic.operator.plan.ShardFacts;
import io.pgmosaic.operator.plan.ShardPlan;
import org.jspecify.annotations.Nullable;

import java.util.List;

/** One run of one shard: it is made, then everything that a seed brings happens to it, then it is left alone. */
final class Schedule {
    private static final int FIRST_ROUNDS = 14;
    private static final int CHANGE_ROUNDS = 6;
    private static final int LAST_ROUNDS = 250;
    private static final long ROUND_MILLIS = 300;

    private final Chance chance;
    private final Shard shard;
    private final Theme theme;

    private final Faults faults;
    private int writes;

    private Schedule(long seed, Mutant mutant, Trace trace) {
        this(new Chance(seed), mutant, trace);
        trace.say(() -> "seed " + seed + ": " + faults.specs());
    }

    private Schedule(Chance chance, Mutant mutant, Trace trace) {
        this(chance, mutant.theme == null ? chance.one(List.of(Theme.values())) : mutant.theme, mutant, trace);
    }

    private Schedule(Chance chance, Theme theme, Mutant mutant, Trace trace) {
        this(chance, theme, Specs.any(chance, theme), mutant, trace);
    }

    private Schedule(Chance chance, Theme theme, Specs specs, Mutant mutant, Trace trace) {
        this.chance = chance;
        this.theme = theme;
        this.shard = new Shard(chance, specs.spec(), mutant, trace);
        this.faults = new Faults(chance, shard, theme, specs);
    }

    /** What the operator knows of a shard to which nothing has happened. */
    static ShardFacts settled(Specs specs) {
        Schedule schedule = new Schedule(new Chance(1), Theme.ANYTHING, specs, Mutant.NONE, new Trace(false));
        schedule.make();
        return schedule.shard.operators[0].facts();
    }

    /**
     * @return null when all held
     */
    static @Nullable String failure(long seed, Mutant mutant, Trace trace, Totals totals) {
        Schedule schedule = new Schedule(seed, mutant, trace);
        try {
            schedule.run();
            return null;
        } catch (Violation e) {
            return e.getMessage();
        } finally {
            totals.add(schedule.shard);
        }
    }

    private void run() {
        shard.trace.say(() -> "-- it is made");
        make();
        int steps = 50 + chance.below(120);
        shard.trace.say(() -> "-- faults");
        begin();
        for (int i = 0; i < steps; i++) {
            step();
        }
        shard.trace.say(() -> "-- no more faults");
        calm();
    }

    private void make() {
        for (int i = 0; i < FIRST_ROUNDS && !isWhole(); i++) {
            round();
        }
    }

    private void begin() {
        switch (theme) {
            case CHANGES -> {
                shard.late = 60;
                if (chance.percent(50)) {
                    changeThereAndBack();
                }
            }
            case BREAKS -> {
                shard.network.breakAround(chance, 0);
                shard.operators[1].apiIsCut = chance.percent(40);
            }
            case DEPOSED -> {
                shard.operators[1].refresh();
                shard.operators[1].apiIsCut = true;
                shard.network.leaveAlone(0, shard.operators[1].node);
            }
            case ANYTHING, CRASHES -> {}
        }
    }

    /** A standby leaves and comes back, and what the primary was told in between is told once more, when it has become old. */
    private void changeThereAndBack() {
        Specs before = faults.specs();
        shard.copying = true;
        faults.change(faults.specs().withFenced(List.of(Shard.name(shard.pods - 1)), false));
        for (int i = 0; i < CHANGE_ROUNDS; i++) {
            round();
        }
        shard.copying = false;
        faults.change(before);
        round();
        make();
        shard.postCopies();
    }

    // ---- one thing happens

    private void step() {
        int which = chance.below(100);
        Instance any = shard.instances[chance.below(shard.pods)];
        if (which < 26) {
            operate(shard.operators[chance.percent(theme == Theme.DEPOSED ? 50 : 70) ? 0 : 1]);
        } else if (which < 40) {
            any.operation.goOn(chance);
            shard.instances[chance.below(shard.pods)].operation.goOn(chance);
        } else if (which < 52) {
            any.receiver.receive(chance, false);
            shard.instances[chance.below(shard.pods)].receiver.receive(chance, false);
        } else if (which < 63) {
            write();
        } else if (which < 68) {
            read();
        } else if (which < 76) {
            shard.deliverSome();
        } else if (which < 81) {
            heartbeats();
        } else if (which < 90) {
            passTime();
        } else {
            strike(any);
        }
    }

    private void write() {
        int id = ++writes;
        shard.instances[chance.below(shard.pods)].write(id);
        Instance primary = shard.recordedPrimary();
        if (primary != null && chance.percent(50)) {
            primary.write(id);
        }
    }

    private void read() {
        for (int i = 0; i < shard.pods; i++) {
            shard.instances[i].read(
                    faults.specs().mode() != ReplicationMode.ASYNC,
                    faults.specs().isDurable());
        }
    }

    private void heartbeats() {
        for (int i = 0; i < shard.pods; i++) {
            if (chance.percent(80)) {
                shard.instances[i].heartbeats.send();
            }
        }
    }

    private void passTime() {
        long longest = theme == Theme.BREAKS || theme == Theme.DEPOSED ? 1500 : 7000;
        long millis = chance.one(List.of(20L, 100L, 500L, 500L, 1000L, 2000L, 2500L, longest));
        shard.trace.say(() -> "+" + millis + " ms");
        shard.advance(millis);
    }

    /** Parts of a pass, with everything between them that one may think of. */
    private void operate(Operator operator) {
        if (operator.hasPlan()) {
            operator.act();
        }
        if (chance.percent(75)) {
            operator.refresh();
        }
        for (int i = 0; i < shard.pods; i++) {
            if (chance.percent(85)) {
                operator.look(i, chance.percent(10));
            }
        }
        operator.plan();
        if (chance.percent(85)) {
            operator.act();
        }
    }

    /** A client writes just before, so that there is something to lose. */
    private void strike(Instance any) {
        if (theme == Theme.CHANGES) {
            write();
        }
        faults.strike(any);
    }

    // ---- left alone

    private void calm() {
        shard.late = 0;
        shard.network.heal();
        faults.change(faults.specs().withFenced(List.of(), false).withSwitchover(List.of()));
        for (Operator operator : shard.operators) {
            operator.apiIsCut = false;
        }
        for (int i = 0; i < LAST_ROUNDS; i++) {
            round();
            if (isWhole()) {
                return;
            }
        }
        ShardPlan plan = shard.operators[0].last;
        boolean needsAPerson =
                faults.volumeLost() && plan != null && plan.headline().reason().severity() == Reason.Severity.FAILED;
        // A broken rule must show in what is lost, not in what has to wait.
        if (!needsAPerson && shard.mutant == Mutant.NONE) {
            throw new Violation("it does not become whole: " + Shard.text(shard.store.record) + "; "
                    + (plan == null
                            ? ""
                            : plan.findings().stream().map(Finding::message).toList()));
        }
    }

    private boolean isWhole() {
        ShardPlan plan = shard.operators[0].last;
        Instance primary = shard.recordedPrimary();
        return plan != null
                && plan.headline().reason() == Reason.HEALTHY
                && primary != null
                && primary.open
                && shard.store.record.election() == null
                && shard.store.record.configuration().earlier().isEmpty();
    }

    /** Everything works, and everybody does what there is to do. */
    private void round() {
        shard.advance(ROUND_MILLIS);
        for (int i = 0; i < shard.pods; i++) {
            Instance instance = shard.instances[i];
            instance.restart();
            faults.pause(instance, false);
            instance.startStandby();
        }
        shard.deliverAll();
        for (int i = 0; i < shard.pods; i++) {
            shard.instances[i].operation.goOn(chance);
            shard.instances[i].receiver.receive(chance, true);
            shard.instances[i].heartbeats.send();
        }
        shard.deliverAll();
        Operator operator = shard.operators[0];
        operator.refresh();
        for (int i = 0; i < shard.pods; i++) {
            operator.look(i, false);
        }
        operator.plan();
        operator.act();
    }
}
