package io.pgmosaic.operator.simulation;

import io.pgmosaic.api.v1alpha1.cluster.ShardedClusterSpec;
import io.pgmosaic.operator.plan.ShardIdentity;
import io.pgmosaic.operator.plan.ShardRecord;
import io.pgmosaic.protocol.instance.InstanceCommand.Configure;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** The parts, put together, and what is under way between them. */
final class Shard {
    /** Instances, at most. */
    static final int MOST = 5;

    static final int OPERATORS = 2;
    static final ShardIdentity IDENTITY = new ShardIdentity("shop", "orders", "uid-1", "s0");
    static final String SYSTEM = "7300000000000000001";
    private static final int MOST_UNDER_WAY = 40;
    private static final String[] NAMES = {"orders-s0-0", "orders-s0-1", "orders-s0-2", "orders-s0-3", "orders-s0-4"};

    final Chance chance;
    final Mutant mutant;
    final Trace trace;
    final Oracle oracle = new Oracle();
    final Network network = new Network();
    final Store store;
    final Instance[] instances = new Instance[MOST];
    final Operator[] operators = new Operator[OPERATORS];
    private final List<Message> underWay = new ArrayList<>();
    /** What was sent while copies were made, to arrive a second time. */
    private final List<Message> copies = new ArrayList<>();

    boolean copying;
    private ShardedClusterSpec spec;
    /** As many pods as the StatefulSet has. */
    int pods;
    /** How many messages of a hundred are not there at once. */
    int late = 30;
    /** Milliseconds. */
    long now = 1_000_000;

    private long connections;
    private long changes;

    Shard(Chance chance, ShardedClusterSpec spec, Mutant mutant, Trace trace) {
        this.chance = chance;
        this.mutant = mutant;
        this.trace = trace;
        this.spec = spec;
        this.pods = spec.instancesPerShard();
        this.store = new Store(ShardRecord.unknown("s0"), mutant, oracle);
        for (int i = 0; i < MOST; i++) {
            instances[i] = new Instance(this, i, chance.between(0.98, 1.02));
            instances[i].up = i < pods;
        }
        for (int i = 0; i < OPERATORS; i++) {
            operators[i] = new Operator(this, i);
        }
    }

    static String name(int number) {
        return NAMES[number];
    }

    static int number(String name) {
        return name.charAt(name.length() - 1) - '0';
    }

    Instance instance(String name) {
        return instances[number(name)];
    }

    ShardedClusterSpec spec() {
        return spec;
    }

    void change(ShardedClusterSpec to) {
        spec = to;
    }

    int declared() {
        return spec.instancesPerShard();
    }

    long nextConnection() {
        return ++connections;
    }

    long nextChange() {
        return ++changes;
    }

    void scale(int to) {
        for (int i = to; i < pods; i++) {
            instances[i].crash();
        }
        for (int i = pods; i < to; i++) {
            instances[i].restart();
        }
        pods = to;
    }

    void advance(long millis) {
        now += millis;
        for (Instance instance : instances) {
            instance.lookAtLease();
            if (instance.primary != null && instance.acts()) {
                instance.primary.dropDeadConnections(chance);
            }
        }
    }

    boolean isStreaming(int standby, Instance from) {
        return instances[standby].upstream() == from
                && instances[standby].receiver.isConnected()
                && instances[standby].acts()
                && network.bothWays(standby, from.number);
    }

    /** A primary that ends in good order sends the last of its log to those that it is connected to. */
    void handOver(Instance primary) {
        for (Instance standby : instances) {
            if (isStreaming(standby.number, primary) && chance.percent(80)) {
                standby.receiver.receiveLast(primary.log());
            }
        }
    }

    // ---- messages

    /** At once, or some time. */
    void send(Message message) {
        if (copying && message instanceof Message.Command command && command.command() instanceof Configure) {
            copies.add(message);
        }
        int share = message instanceof Message.Command ? late : Math.min(late, 20);
        if (!chance.percent(share)) {
            arrive(message);
        } else {
            post(message);
        }
    }

    void post(Message message) {
        if (underWay.size() < MOST_UNDER_WAY) {
            underWay.add(message);
        }
    }

    void postCopies() {
        underWay.addAll(copies);
        copies.clear();
    }

    void deliverSome() {
        for (int i = Math.min(underWay.size(), 1 + chance.below(4)); i > 0 && !underWay.isEmpty(); i--) {
            int index = chance.below(underWay.size());
            Message message = underWay.get(index);
            int fate = chance.below(100);
            if (fate < 90) {
                underWay.set(index, underWay.getLast());
                underWay.removeLast();
            }
            if (fate >= 8) {
                arrive(message);
            }
        }
    }

    void deliverAll() {
        List<Message> all = new ArrayList<>(underWay);
        underWay.clear();
        all.forEach(this::arrive);
    }

    private void arrive(Message message) {
        if (!network.carries(message.from(), message.to())) {
            return;
        }
        switch (message) {
            case Message.Command command -> {
                Instance target = instances[command.to()];
                if (target.up && target.boot == command.boot()) {
                    if (target.paused) {
                        post(message);
                    } else {
                        target.take(command.command());
                    }
                }
            }
            case Message.Answer answer -> operators[answer.to() - MOST].answered(answer.from(), answer.status());
            case Message.Confirmation confirmation -> instances[confirmation.to()].confirmed(confirmation);
        }
    }

    @Nullable
    Instance recordedPrimary() {
        return store.record.primary() == null ? null : instance(store.record.primary());
    }

    /** Whether commits of this term may wait for nobody, by the record. */
    boolean mayBeAlone(long term) {
        ShardRecord record = store.record;
        return record.term() != term
                || record.configuration().synchronous().acknowledgements() == 0
                || record.configuration().earlier().stream().anyMatch(set -> set.acknowledgements() == 0);
    }

    static String text(ShardRecord record) {
        return "term " + record.term() + (record.election() == null ? ", primary " : ", election after ")
                + record.primary() + ", configuration " + record.configuration().sequence() + " "
                + record.configuration().synchronous() + ", earlier "
                + record.configuration().earlier()
                + (record.configuration().acceptClients() ? ", clients" : "");
    }
}
