package io.pgmosaic.router.app;

import io.pgmosaic.router.log.JsonLog;
import io.pgmosaic.router.log.LibraryLog;
import io.pgmosaic.router.tracing.Tracing;
import org.jspecify.annotations.Nullable;

import java.time.Clock;
import java.util.Map;

/**
 * {@code pgmosaic-router}. Exit codes: 0 after SIGTERM or SIGINT, 2 for a wrong setting, 1 when it cannot listen; the last
 * line says why.
 */
public final class Main {
    private static final int CANNOT_LISTEN = 1;
    private static final int WRONG_SETTING = 2;

    private Main() {}

    public static void main(String[] args) {
        RouterSettings settings;
        try {
            settings = RouterSettings.fromEnvironment(System.getenv());
        } catch (InvalidSettingException e) {
            System.err.println("pgmosaic-router: " + e.getMessage());
            System.exit(WRONG_SETTING);
            return;
        }
        JsonLog log = new JsonLog(
                System.out,
                Clock.systemUTC(),
                Map.of("namespace", settings.namespace(), "cluster", settings.cluster(), "component", "router"));
        LibraryLog.redirectTo(log);
        @Nullable Tracing tracing = Tracing.start(System.getenv(), log);
        Router router;
        try {
            router = Router.start(settings, log, tracing == null ? null : tracing.openTelemetry());
        } catch (RuntimeException e) {
            log.error(
                    "cannot listen",
                    Map.of(
                            "address",
                            settings.httpAddress(),
                            "port",
                            settings.httpPort(),
                            "cause",
                            String.valueOf(e.getMessage())));
            System.exit(CANNOT_LISTEN);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(router, tracing, log), "stop"));
    }

    /** Halts, since a process that a signal ends would exit with 128 + its number, which looks like a failure. */
    private static void stop(Router router, @Nullable Tracing tracing, JsonLog log) {
        router.close();
        if (tracing != null) {
            tracing.close();
        }
        log.info("stopped", Map.of());
        System.out.flush();
        Runtime.getRuntime().halt(0);
    }
}
