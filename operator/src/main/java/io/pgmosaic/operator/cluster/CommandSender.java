package io.pgmosaic.operator.cluster;

import io.pgmosaic.operator.ClusterKey;
import io.pgmosaic.operator.instance.CommandOutcome;
import io.pgmosaic.operator.instance.InstanceClient;
import io.pgmosaic.operator.instance.InstanceEndpoint;
import io.pgmosaic.operator.instance.InstanceUnreachableException;
import io.pgmosaic.operator.observe.InstanceKey;
import io.pgmosaic.operator.observe.InstanceObserver;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.Refusal;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Sends commands in the background, at most one at a time to an instance. Effects show in the next status of the instance,
 * and a command that was lost is planned again; only refusals are kept, to be told.
 */
public final class CommandSender implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(CommandSender.class);

    private final InstanceClient client;
    private final InstanceObserver observer;
    private final Consumer<ClusterKey> onOutcome;
    private final Set<InstanceKey> underWay = ConcurrentHashMap.newKeySet();
    private final Map<InstanceKey, String> refusals = new ConcurrentHashMap<>();
    private final ExecutorService senders = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * @param onOutcome called after every answer
     */
    public CommandSender(InstanceClient client, InstanceObserver observer, Consumer<ClusterKey> onOutcome) {
        this.client = client;
        this.observer = observer;
        this.onOutcome = onOutcome;
    }

    void send(ClusterKey cluster, InstanceCommand command) {
        InstanceKey key = new InstanceKey(cluster, command.target().instance());
        InstanceEndpoint endpoint = observer.endpoint(key);
        if (endpoint == null || !underWay.add(key)) {
            return;
        }
        senders.execute(() -> {
            try {
                remember(key, command, client.send(endpoint, command));
            } catch (InstanceUnreachableException e) {
                LOG.warnf("%s to %s: %s", command.path(), command.target().instance(), e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                underWay.remove(key);
                observer.lookAgain(key);
                onOutcome.accept(cluster);
            }
        });
    }

    /** Why the instance refused the last command that it was sent; null when it did not. */
    @Nullable
    String refusal(InstanceKey key) {
        return refusals.get(key);
    }

    private void remember(InstanceKey key, InstanceCommand command, CommandOutcome outcome) {
        report(command, outcome);
        if (outcome instanceof CommandOutcome.Refused refused
                && refused.refusal().reason() != Refusal.Reason.BUSY
                && refused.refusal().reason() != Refusal.Reason.UNCONFIRMED) {
            refusals.put(
                    key, command.path() + " was refused: " + refused.refusal().message());
        } else {
            refusals.remove(key);
        }
    }

    private static void report(InstanceCommand command, CommandOutcome outcome) {
        String what = command.path() + " in term " + command.term() + " to "
                + command.target().instance();
        switch (outcome) {
            case CommandOutcome.Done done -> LOG.debugf("%s: done", what);
            case CommandOutcome.Begun begun -> LOG.infof("%s: begun", what);
            case CommandOutcome.Refused refused ->
                LOG.warnf(
                        "%s: refused, %s: %s",
                        what, refused.refusal().reason(), refused.refusal().message());
        }
    }

    @Override
    public void close() {
        senders.shutdownNow();
    }
}
