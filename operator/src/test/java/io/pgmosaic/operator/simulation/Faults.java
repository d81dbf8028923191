package io.pgmosaic.operator.simulation;

import io.pgmosaic.api.v1alpha1.cluster.SwitchoverSpec;

import java.util.List;

/** What goes wrong, and what a person asks for at the wrong moment. */
final class Faults {
    private final Chance chance;
    private final Shard shard;
    private final Theme theme;
    private Specs specs;
    private boolean volumeLost;
    private int requests;

    Faults(Chance chance, Shard shard, Theme theme, Specs specs) {
        this.chance = chance;
        this.shard = shard;
        this.theme = theme;
        this.specs = specs;
    }

    Specs specs() {
        return specs;
    }

    boolean volumeLost() {
        return volumeLost;
    }

    /** Something of what the theme prefers; it may hit this one. */
    void strike(Instance any) {
        int which = chance.below(100);
        if (theme == Theme.CHANGES && chance.percent(70)) {
            changeSpec(any);
            return;
        }
        Instance primary = shard.recordedPrimary();
        if (theme == Theme.CHANGES && primary != null && chance.percent(60)) {
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

    void pause(Instance instance, boolean paused) {
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

    void change(Specs to) {
        specs = to;
        shard.change(to.spec());
        shard.trace.say(() -> "the spec changes: " + to);
    }
}
