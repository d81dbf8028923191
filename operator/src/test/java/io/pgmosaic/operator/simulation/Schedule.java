package io.pgmosaic.operator.simulation;

import io.pgmosaic.api.v1alpha1.cluster.ReplicationMode;
import io.pgmosaic.api.v1alpha1.cluster.SwitchoverSpec;
import io.pgmosaic.operator.plan.Finding;
import io.pgmosaic.operator.plan.Reason;
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

    private Specs specs;
    private int writes;
    private boolean volumeLost;
    private int requests;

    private Schedule(long seed, Mutant mutant, Trace trace) {
        this.chance = new Chance(seed);
        Theme any = chance.one(List.of(Theme.values()));
        this.theme = mutant.theme == null ? any : mutant.theme;
        this.specs = Specs.any(chance, theme);
        this.shard = new Shard(chance, specs.spec(), mutant, trace);
        trace.say(() -> "seed " + seed + ": " + specs);
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
        for (int i = 0; i < FIRST_ROUNDS && !isWhole(); i++) {
            round();
        }
        int steps = 50 + chance.below(120);
        shard.trace.say(() -> "-- faults");
        begin();
        for (int i = 0; i < steps; i++) {
            step();
        }
        shard.trace.say(() -> "-- no more faults");
        calm();
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
        Specs before = specs;
        shard.copying = true;
        change(specs.withFenced(List.of(Shard.name(shard.pods - 1)), false));
        for (int i = 0; i < CHANGE_ROUNDS; i++) {
            round();
        }
        shard.copying = false;
        change(before);
        round();
        for (int i = 0; i < FIRST_ROUNDS && !isWhole(); i++) {
            round();
        }
        shard.postCopies();
    }

    // ---- one thing happens

    private void step() {
        int which = chance.below(100);
        Instance any = shard.instances[chance.below(shard.pods)];
        if (which < 26) {
            operate(shard.operators[chance.percent(theme == Theme.DEPOSED ? 50 : 70) ? 0 : 1]);
        } else if (which < 40) {
            any.goOn(chance);
            shard.instances[chance.below(shard.pods)].goOn(chance);
        } else if (which < 52) {
            any.receive(chance, false);
            shard.instances[chance.below(shard.pods)].receive(chance, false);
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
            fault(any);
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
            shard.instances[i].read(specs.mode() != ReplicationMode.ASYNC, specs.isDurable());
        }
    }

    private void heartbeats() {
        for (int i = 0; i < shard.pods; i++) {
            if (chance.percent(80)) {
                shard.instances[i].heartbeat();
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

    // ---- faults

    private void fault(Instance any) {
        int which = chance.below(100);
        if (theme == Theme.CHANGES && chance.percent(70)) {
            changeSpec(any);
            return;
        }
        Instance primary = shard.recordedPrimary();
        if (theme == Theme.CHANGES && primary != null && chance.percent(60)) {
            write();
            shard.trace.say(() -> primary.name + " crashes");
            primary.crash();
            return;
        }
        if (theme == Theme.BREAKS && chance.percent(50)) {
            which = chance.one(List.of(10, 30, 50, 85));
        }
        if (theme == Theme.DEPOSED && chance.percent(70)) {
            which = chance.one(List.of(20, 40, 40));
        }
        if (theme == Theme.CRASHES && chance.percent(70)) {
            which = chance.one(List.of(10, 10, 30, 30, 40, 78));
        }
        happens(which, any);
    }

    private void happens(int which, Instance any) {
        if (which < 16) {
            shard.trace.say(() -> any.name + " crashes");
            any.crash();
        } else if (which < 34) {
            restart();
        } else if (which < 44) {
            Instance primary = shard.recordedPrimary();
            Instance target = primary == null || chance.percent(40) ? any : primary;
            shard.trace.say(() -> "PostgreSQL of " + target.name + " crashes");
            target.stop();
        } else if (which < 58) {
            shard.network.breakSome(chance, shard.pods);
            shard.trace.say(() -> "a break of the network");
        } else if (which < (theme == Theme.BREAKS || theme == Theme.DEPOSED ? 59 : 70)) {
            shard.network.heal();
            shard.trace.say(() -> "the network heals");
        } else if (which < 76) {
            shard.trace.say(() -> any.name + (any.paused ? " goes on" : " is stopped"));
            pause(any, !any.paused);
        } else if (which < 80) {
            loseVolume(any);
        } else if (which < 88) {
            Operator operator = shard.operators[chance.below(Shard.OPERATORS)];
            if (chance.percent(50)) {
                operator.restart();
            } else {
                operator.apiIsCut = !operator.apiIsCut;
            }
        } else {
            changeSpec(any);
        }
    }

    private void restart() {
        for (int i = 0; i < shard.pods; i++) {
            if (chance.percent(50)) {
                shard.instances[i].restart();
            }
            shard.instances[i].startStandby();
        }
    }

    private void pause(Instance instance, boolean paused) {
        if (instance.up) {
            instance.paused = paused;
            instance.lookAtLease();
        }
    }

    /** It takes the instance's promise with it, so both operators know how things are by then. */
    private void loseVolume(Instance instance) {
        if (chance.percent(70)) {
            return;
        }
        volumeLost = true;
        shard.trace.say(() -> instance.name + " loses its volume");
        instance.crash();
        instance.loseVolume();
        for (Operator operator : shard.operators) {
            operator.apiIsCut = false;
            operator.restart();
        }
    }

    private void changeSpec(Instance any) {
        int which = chance.below(5);
        if (which == 0) {
            requests++;
            change(specs.withSwitchover(List.of(new SwitchoverSpec("s0", any.name, "r" + requests))));
        } else if (which == 3) {
            Instance primary = shard.recordedPrimary();
            change(specs.withFenced(primary == null ? List.of() : List.of(primary.name), false));
        } else if (which == 1) {
            change(specs.withFenced(chance.percent(50) ? List.of(any.name) : List.of(), chance.percent(20)));
        } else if (which == 2) {
            change(specs.withFenced(List.of(), false));
        } else if (specs.instances() > 1) {
            change(specs.withInstances(2 + chance.below(Shard.MOST - 1)));
        }
    }

    private void change(Specs to) {
        specs = to;
        shard.change(to.spec());
        shard.trace.say(() -> "the spec changes: " + to);
    }

    // ---- left alone

    private void calm() {
        shard.late = 0;
        shard.network.heal();
        change(specs.withFenced(List.of(), false).withSwitchover(List.of()));
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
                volumeLost && plan != null && plan.headline().reason().severity() == Reason.Severity.FAILED;
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
            pause(instance, false);
            instance.startStandby();
        }
        shard.deliverAll();
        for (int i = 0; i < shard.pods; i++) {
            shard.instances[i].goOn(chance);
            shard.instances[i].receive(chance, true);
            shard.instances[i].heartbeat();
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
