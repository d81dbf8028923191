package io.pgmosaic.instance.command;

import io.pgmosaic.instance.postgres.Cancellation;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.Operation;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** One accepted command, from its acceptance to its outcome. */
final class RunningOperation {
    private final InstanceCommand command;
    private final Cancellation cancellation = new Cancellation();
    private final CountDownLatch finished = new CountDownLatch(1);
    private final boolean untrusted;
    private volatile Operation operation;

    /** @param untrusted whether the data is to be replaced because the manager's own files beside it cannot be trusted */
    RunningOperation(InstanceCommand command, boolean untrusted) {
        this.command = command;
        this.untrusted = untrusted;
        this.operation = new Operation(
                command.path(), command.term(), Operation.State.RUNNING, "accepted", Instant.now(), null, null);
    }

    InstanceCommand command() {
        return command;
    }

    boolean untrusted() {
        return untrusted;
    }

    Cancellation cancellation() {
        return cancellation;
    }

    Operation operation() {
        return operation;
    }

    boolean running() {
        return finished.getCount() > 0;
    }

    /** @param step what it does now, for a person */
    void step(String step) {
        Operation now = operation;
        operation = new Operation(now.command(), now.term(), now.state(), step, now.startedAt(), null, null);
    }

    void succeed(String step) {
        Operation now = operation;
        operation = new Operation(
                now.command(), now.term(), Operation.State.SUCCEEDED, step, now.startedAt(), Instant.now(), null);
        finished.countDown();
    }

    void fail(String error) {
        Operation now = operation;
        operation = new Operation(
                now.command(), now.term(), Operation.State.FAILED, now.step(), now.startedAt(), Instant.now(), error);
        finished.countDown();
    }

    /** @return whether it has finished within the time */
    boolean awaitEnd(Duration patience) throws InterruptedException {
        return finished.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }
}
