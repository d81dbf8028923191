package io.pgmosaic.local.chaos;

import io.pgmosaic.local.chaos.SplitChaos.Plan;
import io.pgmosaic.local.chaos.SplitChaos.Result;

import java.io.PrintStream;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;

/** Splits under load with faults in their phases: {@code SplitSoak <faults> <seed> [kind,kind...]}. Exit code 0 when every promise held. */
public final class SplitSoak {
    private static final int HOLDERS = 6;
    private static final int BALLAST = 20_000;
    private static final long BYTES_PER_SECOND = 400_000;
    private static final Logger ROOT_LOGGER = Logger.getLogger("");

    private SplitSoak() {}

    /** Runs it. */
    public static void main(String[] arguments) throws Exception {
        ROOT_LOGGER.setLevel(Level.SEVERE);
        PrintStream out = System.out;
        int faults = Integer.parseInt(arguments[0]);
        long seed = Long.parseLong(arguments[1]);
        Set<Fault.Kind> kinds = arguments.length < 3
                ? Fault.Kind.ofSplits()
                : Arrays.stream(arguments[2].split(",", -1))
                        .map(Fault.Kind::valueOf)
                        .collect(Collectors.toSet());
        List<SplitTurn> turns = SplitSchedule.of(seed, faults, kinds);
        out.println(faults + " faults in " + turns.size() + " splits with seed " + seed);
        int code = run(new Plan(seed, turns, HOLDERS, BALLAST, BYTES_PER_SECOND), out);
        out.flush();
        System.exit(code);
    }

    private static int run(Plan plan, PrintStream out) throws Exception {
        SplitChaos run = SplitChaos.start(
                plan,
                "split-chaos-" + ProcessHandle.current().pid(),
                line -> out.println(LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS) + " " + line));
        Thread atInterrupt = new Thread(run::close, "end of the soak");
        Runtime.getRuntime().addShutdownHook(atInterrupt);
        boolean well = false;
        try {
            Result result = run.run();
            out.println("The splits ended " + result.ends() + "; what clients were told: "
                    + result.log().summary());
            well = result.violations().isEmpty();
            if (!well) {
                result.violations().forEach(out::println);
                out.println("Evidence in "
                        + Evidence.save(run.patient(), result.violations().toString(), result.log()::save));
            }
        } catch (Waiting.TooLong e) {
            out.println("FAILED: " + e.getMessage());
            out.println("Evidence in " + Evidence.save(run.patient(), String.valueOf(e.getMessage()), file -> {}));
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
