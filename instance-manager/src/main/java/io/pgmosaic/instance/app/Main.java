package io.pgmosaic.instance.app;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;

/** Starts the instance manager. Exit code 0 after SIGTERM, 2 for a setting that cannot be used, 1 for anything else. */
public final class Main {
    /** A handover takes about a second; without an operator nobody comes to ask for it. */
    private static final Duration SUCCESSOR_PATIENCE = Duration.ofSeconds(15);
    /** With the other below the pods' grace period (120 s); a fast shutdown that takes longer becomes an immediate one. */
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(90);

    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
        int exitCode;
        try {
            RunningManager manager = RunningManager.start(Settings.from(System.getenv()));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> end(manager), "end"));
            Thread.currentThread().join();
            return;
        } catch (BadSettingException e) {
            System.err.println("pgmosaic-instance-manager: " + e.getMessage());
            exitCode = 2;
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            System.err.println("pgmosaic-instance-manager: cannot start: " + e.getMessage());
            exitCode = 1;
        }
        System.exit(exitCode);
    }

    private static void end(RunningManager manager) {
        int exitCode = 0;
        try {
            manager.end(SUCCESSOR_PATIENCE, STOP_PATIENCE);
        } catch (IOException | InterruptedException | RuntimeException e) {
            System.err.println("pgmosaic-instance-manager: PostgreSQL was not stopped cleanly: " + e);
            exitCode = 1;
        }
        // Java would report the signal, 143, as the exit code; a kubelet takes that for a failure.
        Runtime.getRuntime().halt(exitCode);
    }
}
