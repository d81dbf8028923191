package io.pgmosaic.local.chaos;

import io.pgmosaic.checker.Operation;
import io.pgmosaic.checker.Operation.Outcome;
import io.pgmosaic.checker.WriteGaps;
import io.pgmosaic.checker.consistency.Guarantee;
import io.pgmosaic.local.chaos.ChaosRun.Outage;
import io.pgmosaic.local.chaos.ChaosRun.Result;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A run in Markdown, for people. */
final class ChaosReport {
    private ChaosReport() {}

    static String of(Result result) throws IOException {
        StringBuilder text = new StringBuilder();
        List<Operation> operations = result.operations();
        long rounds = result.outages().size();
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "# %d faults, seed %d",
                        result.plan().faults(),
                        result.plan().seed()));
        line(text, "");
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "%s, in %d minutes, on %s.",
                        LocalDate.now(ZoneOffset.UTC),
                        result.took().toMinutes(),
                        machine()));
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "%d shards of %d instances, SemiSync, Required; %d clients that ask the router each time; volumes in memory.",
                        result.plan().shards(),
                        Patient.INSTANCES,
                        result.plan().clients()));
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "After each of %d rounds every instance had to be ready and streaming again.",
                        rounds));
        line(text, String.format(Locale.ROOT, "At the end: %s.", result.terms()));
        line(text, "");
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "Again: `make chaos FAULTS=%d SEED=%d`. The seed gives the same faults; the times are the machine's.",
                        result.plan().faults(),
                        result.plan().seed()));
        line(text, "");
        line(text, "| | |");
        line(text, "|---|---|");
        line(text, String.format(Locale.ROOT, "| operations | %d |", operations.size()));
        line(
                text,
                String.format(
                        Locale.ROOT,
                        "| of them writes | %d |",
                        operations.stream().filter(Operation::isWrite).count()));
        for (Outcome outcome : Outcome.values()) {
            line(
                    text,
                    String.format(
                            Locale.ROOT,
                            "| %s | %d |",
                            outcome.name().toLowerCase(Locale.ROOT),
                            operations.stream()
                                    .filter(operation -> operation.outcome() == outcome)
                                    .count()));
        }
        for (Guarantee guarantee : Guarantee.values()) {
            line(
                    text,
                    String.format(
                            Locale.ROOT,
                            "| reads checked for %s, of them by replicas | %d, %d |",
                            guarantee.name().toLowerCase(Locale.ROOT).replace('_', '-'),
                            result.consistency().checked(guarantee),
                            result.consistency().byReplicas(guarantee)));
        }
        line(
                text,
                String.format(
                        Locale.ROOT, "| violations | %d |", result.violations().size()));
        line(text, "");
        if (!result.violations().isEmpty()) {
            line(text, "## Violations");
            line(text, "");
            result.violations().forEach(violation -> line(text, String.format(Locale.ROOT, "* %s", violation)));
            line(text, "");
        }
        line(text, "## Faults");
        line(text, "");
        line(
                text,
                "Write gap: the longest time in which the shard that was hit, or any shard when none was, acknowledged no");
        line(
                text,
                "write. Recovery: from the fault's end until the whole cluster was as before. Rounds of two faults count by");
        line(text, "themselves. Seconds.");
        line(text, "");
        line(text, "| fault | times | write gap p50 | p99 | recovery p50 | p99 |");
        line(text, "|---|---:|---:|---:|---:|---:|");
        Map<String, List<Outage>> byKind = new TreeMap<>();
        for (Outage outage : result.outages()) {
            List<Fault> faults = outage.round().faults();
            String kind = faults.size() == 1 ? faults.getFirst().figure() : "two at once";
            byKind.computeIfAbsent(kind, name -> new ArrayList<>()).add(outage);
        }
        byKind.forEach((kind, outages) -> {
            List<Double> gaps = outages.stream().map(ChaosReport::gap).toList();
            List<Double> recoveries = outages.stream().map(Outage::recovery).toList();
            line(
                    text,
                    String.format(
                            Locale.ROOT,
                            "| %s | %d | %.2f | %.2f | %.2f | %.2f |",
                            kind,
                            outages.size(),
                            WriteGaps.quantile(gaps, 0.5),
                            WriteGaps.quantile(gaps, 0.99),
                            WriteGaps.quantile(recoveries, 0.5),
                            WriteGaps.quantile(recoveries, 0.99)));
        });
        return text.toString();
    }

    private static double gap(Outage outage) {
        List<String> hit = outage.round().faults().stream()
                .filter(fault -> fault.kind().isLocal())
                .map(fault -> "s" + fault.place().shard())
                .toList();
        return outage.gaps().entrySet().stream()
                .filter(gap -> hit.isEmpty() || hit.contains(gap.getKey()))
                .mapToDouble(Map.Entry::getValue)
                .max()
                .orElse(0);
    }

    private static String machine() throws IOException {
        String model = Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                .filter(row -> row.startsWith("model name"))
                .map(row -> row.substring(row.indexOf(':') + 1).strip())
                .findFirst()
                .orElse(System.getProperty("os.arch"));
        return Runtime.getRuntime().availableProcessors() + " cores (" + model + "), Java "
                + Runtime.version().feature();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }
}
