package io.pgmosaic.local.platform;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A started process and everything that it started in turn, which ends with it as a container's processes do. */
public final class ProcessFamily {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int KILLED = 128 + 9;

    private final Process leader;
    private final String mark;
    private final Reaper reaper;

    ProcessFamily(Process leader, String mark, Reaper reaper) {
        this.leader = leader;
        this.mark = mark;
        this.reaper = reaper;
    }

    /** Process id of the leader, which is its process group and session, too. */
    public long pid() {
        return leader.pid();
    }

    /** Completes with the leader's exit code when it has ended. */
    public CompletableFuture<Integer> exit() {
        return leader.onExit().thenApply(Process::exitValue);
    }

    /** Whether the leader runs. */
    public boolean isAlive() {
        return leader.isAlive();
    }

    /** Asks the leader, and only it, to end (SIGTERM). */
    public void terminate() {
        leader.destroy();
    }

    /** The ids of all living members. */
    public Set<Long> members() {
        return Processes.family(pid(), mark);
    }

    /** Kills every member at once (SIGKILL), without waiting. */
    public void kill() {
        for (long member : members()) {
            ProcessHandle.of(member).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /** Suspends every member (SIGSTOP), or lets them go on (SIGCONT); with one command, so nearly at once. */
    public void suspend(boolean suspended) {
        List<String> command = new ArrayList<>(List.of("kill", suspended ? "-STOP" : "-CONT"));
        members().forEach(member -> command.add(Long.toString(member)));
        Commands.run(command);
    }

    /**
     * Waits for the leader's end, then kills what is left of the family and waits for that.
     *
     * @return the leader's exit code, 128 + n when signal n ended it
     * @throws IllegalStateException when a member survives SIGKILL
     */
    public int waitForEnd() throws InterruptedException {
        int code = leader.waitFor();
        clear();
        return code;
    }

    /** Asks the leader to end, and kills everything after {@code grace}. Returns its exit code. */
    public int stop(Duration grace) throws InterruptedException {
        terminate();
        if (!leader.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
            kill();
            if (!leader.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException("process " + pid() + " survives SIGKILL");
            }
            clear();
            return KILLED;
        }
        clear();
        return leader.exitValue();
    }

    private void clear() {
        Instant deadline = Instant.now().plus(PATIENCE);
        Set<Long> left = members();
        while (!left.isEmpty()) {
            for (long member : left) {
                ProcessHandle.of(member).ifPresent(ProcessHandle::destroyForcibly);
            }
            if (Instant.now().isAfter(deadline)) {
                throw new IllegalStateException("processes " + left + " survive SIGKILL");
            }
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            left.retainAll(Processes.alive());
            left.addAll(members());
        }
        reaper.remove(pid());
    }
}
