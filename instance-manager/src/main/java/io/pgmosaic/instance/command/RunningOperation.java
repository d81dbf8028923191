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
    private volatile Operation operation;

    RunningOperation(InstanceCommand command) {
        this.command = command;
        this.operation = new Operation(
                command.path(), command.term(), Operation.State.RUNNING, "accepted", Instant.now(), null, null);
    }

    InstanceCommand command() {
        return command;
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
