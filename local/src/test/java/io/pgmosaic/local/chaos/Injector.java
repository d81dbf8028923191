package io.pgmosaic.local.chaos;

import io.pgmosaic.local.platform.Commands;
import io.pgmosaic.local.platform.ProcessFamily;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.locks.LockSupport;

/** Carries out faults. */
final class Injector {
    private static final String FILLER = "filler";

    /** Megabytes: a primary whose own volume is full stops when the files set aside are used; the log of others has to fit. */
    private static final int MOST_LOG_HERE = 512;

    private static final int MOST_LOG_THERE = 128;
    private static final int[] CHUNKS = {1 << 20, 1 << 12};

    private final Patient patient;

    Injector(Patient patient) {
        this.patient = patient;
    }

    /** A fault with its victim, chosen while the cluster could still be asked. */
    record Blow(Fault fault, String victim, Action begin, Action end) {
        @Override
        public String toString() {
            return fault + (victim.isEmpty() ? "" : " (" + victim + ")");
        }
    }

    /** Something that is done to the machine. */
    @FunctionalInterface
    interface Action {
        /** Does it. */
        void run() throws IOException;
    }

    /** Chooses the victim by its present role. Nothing happens yet. */
    Blow prepare(Fault fault) {
        String victim = fault.kind().isLocal() ? patient.instance(fault.place()) : "";
        return switch (fault.kind()) {
            case POSTGRES_KILL -> once(fault, victim, () -> signal("-KILL", postmaster(patient.processes(victim))));
            case MANAGER_KILL ->
                once(fault, victim, () -> {
                    ProcessFamily family = patient.processes(victim);
                    signal("-KILL", List.of(family.pid()));
                });
            case POD_KILL -> once(fault, victim, () -> patient.processes(victim).kill());
            case OPERATOR_KILL -> {
                // Whom the Lease names is asked now: the API may be away when it happens.
                ProcessFamily leader = patient.local().operatorProcess();
                yield once(fault, victim, leader::kill);
            }
            case API_STOP ->
                new Blow(fault, victim, () -> patient.local().suspendApi(true), () -> patient.local()
                        .suspendApi(false));
            case OPERATOR_STOP -> {
                ProcessFamily leader = patient.local().operatorProcess();
                yield new Blow(fault, victim, () -> leader.suspend(true), () -> leader.suspend(false));
            }
            case ROUTER_KILL ->
                once(fault, victim, () -> patient.routerProcess().kill());
            case CONNECTIONS_CUT ->
                once(fault, victim, () -> {
                    try {
                        patient.cutConnections(victim);
                    } catch (SQLException e) {
                        throw new NoSuchElementException(victim + " takes no connection: " + e.getMessage());
                    }
                });
            case POD_STOP -> {
                ProcessFamily family = patient.processes(victim);
                yield new Blow(fault, victim, () -> family.suspend(true), () -> family.suspend(false));
            }
            case POSTGRES_STOP -> {
                List<Long> stopped = new ArrayList<>();
                yield new Blow(
                        fault,
                        victim,
                        () -> {
                            stopped.addAll(postgres(patient.processes(victim)));
                            signal("-STOP", stopped);
                        },
                        () -> signal(
                                "-CONT",
                                stopped.stream().filter(Injector::isPostgres).toList()));
            }
            case DISK_FULL -> {
                Path filler = patient.volume(victim).resolve(FILLER);
                String primary = patient.instance(new Fault.Place(fault.place().shard(), 0));
                yield new Blow(
                        fault,
                        victim,
                        () -> {
                            fill(filler);
                            patient.writeLog(primary, primary.equals(victim) ? MOST_LOG_HERE : MOST_LOG_THERE);
                        },
                        () -> Files.deleteIfExists(filler));
            }
        };
    }

    private static Blow once(Fault fault, String victim, Action action) {
        return new Blow(fault, victim, action, () -> {});
    }

    /** Does it, keeps it up for as long as it lasts, and undoes it, also when interrupted. */
    void carryOut(Blow blow) throws IOException, InterruptedException {
        pause(blow.fault().after().toNanos());
        try {
            blow.begin().run();
            pause(blow.fault().lasting().toNanos());
        } finally {
            blow.end().run();
        }
    }

    /** Lets this much time pass. */
    static void pause(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        for (long left = nanos; left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted during a fault");
            }
        }
    }

    private static void signal(String signal, List<Long> processes) {
        if (!processes.isEmpty()) {
            List<String> command = new ArrayList<>(List.of("kill", signal));
            processes.forEach(process -> command.add(Long.toString(process)));
            Commands.run(command);
        }
    }

    private static List<Long> postgres(ProcessFamily family) {
        return family.members().stream().filter(Injector::isPostgres).toList();
    }

    /** PostgreSQL's children write what they do over their command line; the postmaster keeps its own. */
    private static List<Long> postmaster(ProcessFamily family) {
        return postgres(family).stream()
                .filter(process -> !commandLine(process).startsWith("postgres:"))
                .toList();
    }

    private static boolean isPostgres(long process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process), "exe"))
                    .endsWith("postgres");
        } catch (IOException gone) {
            return false;
        }
    }

    private static String commandLine(long process) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(process), "cmdline"));
        } catch (IOException gone) {
            return "postgres:";
        }
    }

    /** Writes until nothing more fits, down to the last block. */
    private static void fill(Path file) throws IOException {
        for (int chunk : CHUNKS) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                fill(channel, ByteBuffer.allocate(chunk));
            }
        }
    }

    private static void fill(FileChannel channel, ByteBuffer block) {
        boolean full = false;
        while (!full) {
            block.clear();
            try {
                channel.write(block);
            } catch (IOException noSpace) {
                full = true;
            }
        }
    }
}
