package io.pgmosaic.local.chaos;

import io.pgmosaic.local.chaos.ChaosRun.Plan;
import io.pgmosaic.local.chaos.ChaosRun.Result;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Many faults, for hours if need be: {@code Soak <faults> <seed> <shards> <report> [kind,kind...]}. Exit code 0 when every
 * promise held. */
public final class Soak {
    private static final int READERS = 4;
    private static final Logger ROOT_LOGGER = Logger.getLogger("");

    private Soak() {}

    /** Runs it and writes the report. */
    public static void main(String[] arguments) throws Exception {
        ROOT_LOGGER.setLevel(Level.SEVERE);
        PrintStream out = System.out;
        Plan plan = new Plan(
                Long.parseLong(arguments[1]),
                Integer.parseInt(arguments[0]),
                arguments.length < 5
                        ? Fault.Kind.ofSoak()
                        : Arrays.stream(arguments[4].split(",", -1))
                                .map(Fault.Kind::valueOf)
                                .collect(Collectors.toSet()),
                Integer.parseInt(arguments[2]),
                8,
                Duration.ofMillis(100),
                Duration.ofSeconds(30),
                Duration.ofMinutes(2),
                READERS,
                0);
        Path report = Path.of(arguments[3]).toAbsolutePath();
        out.println(plan.faults() + " faults with seed " + plan.seed());
        int code = run(plan, report, out);
        out.flush();
        System.exit(code);
    }

    private static int run(Plan plan, Path report, PrintStream out) throws Exception {
        String folder = "chaos-" + ProcessHandle.current().pid();
        ChaosRun run = ChaosRun.start(
                plan,
                folder,
                line -> out.println(
                        LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + " " + line));
        Thread atInterrupt = new Thread(run::close, "end of the soak");
        Runtime.getRuntime().addShutdownHook(atInterrupt);
        boolean well = false;
        try {
            Result result = run.run();
            Files.createDirectories(report.getParent());
            Files.writeString(report, ChaosReport.of(result));
            out.println("The report is in " + report);
            well = result.violations().isEmpty();
            if (!well) {
                result.violations().forEach(out::println);
                out.println(
                        "Evidence in " + Evidence.save(run, result.violations().toString()));
            }
        } catch (Waiting.TooLong e) {
            out.println("FAILED: " + e.getMessage());
            out.println("Evidence in " + Evidence.save(run, String.valueOf(e.getMessage())));
        } finally {
            Runtime.getRuntime().removeShutdownHook(atInterrupt);
            run.close();
        }
        if (well) {
            run.patient().local().deleteFolder();
            return 0;
        }
        run.patient().local().deleteAllButLogs();
        return 1;
    }
}
