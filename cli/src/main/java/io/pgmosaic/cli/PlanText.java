package io.pgmosaic.cli;

import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.routing.key.KeyValue;
import io.pgmosaic.routing.map.MapDifference;
import io.pgmosaic.routing.map.MapDifference.Homeless;
import io.pgmosaic.routing.map.OrderedRange;
import io.pgmosaic.routing.map.TimeSpan;
import io.pgmosaic.routing.plan.ClusterPlan;
import io.pgmosaic.routing.plan.GroupPlan;
import io.pgmosaic.routing.plan.KeyRelocation;
import io.pgmosaic.routing.plan.MapChange;
import io.pgmosaic.routing.plan.Relocation;
import io.pgmosaic.routing.plan.ShardCount;
import io.pgmosaic.routing.recipe.MapRecipe;
import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A plan for a person. */
final class PlanText {
    private static final String UNKNOWN = "only the data can tell";
    private static final String UNMEASURED =
            "a size that nobody knows, since the operator has not measured every table";

    private final PrintWriter out;

    PlanText(PrintWriter out) {
        this.out = out;
    }

    void cluster(ShardedCluster cluster, PresentState present) {
        out.printf(
                Locale.ROOT,
                "ShardedCluster %s, map version %d: %d shards, %s%n",
                cluster.getMetadata().getName(),
                present.map().version(),
                present.map().allShards().size(),
                present.bytes() == null ? "not measured yet" : "about " + Bytes.text(present.bytes()));
    }

    void plan(MapRecipe after, ClusterPlan plan) {
        out.printf("It would have the shards %s.%n", String.join(", ", after.allShards()));
        plan.groups().stream().filter(group -> !group.tables().isEmpty()).forEach(this::group);
    }

    /** Of a number of shards: which tables it is for. */
    void resized(MapRecipe after, ClusterPlan plan) {
        List<GroupPlan> groups =
                plan.groups().stream().filter(group -> group.group() != null).toList();
        if (groups.isEmpty()) {
            return;
        }
        boolean ungrouped = plan.groups().stream()
                .anyMatch(group -> group.group() == null && !group.tables().isEmpty());
        out.println(
                ungrouped
                        ? "--shards is for the tables that are in no group."
                        : "--shards is for the tables that are in no group, and there is none: no row would move.");
        groups.forEach(group -> out.printf(
                "Group %s stays on %s.%n",
                group.group(), String.join(", ", after.of(group.group()).allShards())));
        out.println("To change groups write the manifest and give it with -f.");
    }

    private void group(GroupPlan plan) {
        out.println();
        out.printf(
                "Tables %s%s%s%n",
                String.join(", ", plan.tables()),
                plan.group() == null ? "" : " of group " + plan.group(),
                plan.bytes() == null ? ", not measured on every shard" : ", about " + Bytes.text(plan.bytes()));
        if (plan.directory()) {
            out.println("  By the rule alone: keys that have an entry in the directory are not counted.");
        }
        MapChange change = plan.change();
        if (change.isNone()) {
            out.println("  Every row stays where it is.");
            return;
        }
        List<String[]> rows = new ArrayList<>();
        rows.add(new String[] {"FROM", "TO", "PART OF FROM", "ABOUT", "ROWS"});
        change.relocations().forEach(relocation -> rows.add(row(relocation)));
        change.keys().forEach(key -> rows.add(row(key)));
        if (rows.size() > 1) {
            print(rows);
        }
        change.homeless()
                .forEach(homeless ->
                        out.printf("  No place for %s: do not use this map while there are any.%n", rows(homeless)));
        out.printf(
                "  In all %s of the rows would move, %s.%n",
                change.share() == null ? "a part that " + UNKNOWN : percent(change.share()),
                change.bytes() != null
                        ? "about " + Bytes.text(change.bytes())
                        : plan.bytes() == null ? UNMEASURED : "a size that " + UNKNOWN);
    }

    private static String[] row(Relocation relocation) {
        MapDifference.Move move = relocation.move();
        return new String[] {
            move.from(),
            move.to(),
            relocation.share() == null ? "?" : percent(relocation.share()),
            relocation.bytes() != null
                    ? Bytes.text(relocation.bytes())
                    : relocation.atMost() != null ? "at most " + Bytes.text(relocation.atMost()) : "?",
            bounds(
                    move.region(),
                    move.span(),
                    move.part() instanceof MapDifference.Values values ? values.ranges() : List.of())
        };
    }

    private static String[] row(KeyRelocation key) {
        return new String[] {
            orByRow(key.from()),
            orByRow(key.to()),
            "1 key",
            "?",
            key.key().values().stream().map(KeyValue::text).collect(Collectors.joining(", "))
                    + (key.region() == null ? "" : " of region " + key.region())
        };
    }

    private static String orByRow(@Nullable String shard) {
        return shard == null ? "by row" : shard;
    }

    private static String rows(Homeless homeless) {
        String bounds = bounds(homeless.region(), homeless.span(), homeless.ranges());
        return bounds.isEmpty() ? "any row" : "rows of " + bounds;
    }

    private static String bounds(@Nullable String region, TimeSpan span, List<OrderedRange> ranges) {
        List<String> bounds = new ArrayList<>();
        if (region != null) {
            bounds.add("region " + region);
        }
        if (!span.equals(TimeSpan.ALWAYS)) {
            bounds.add("times from " + span);
        }
        if (!ranges.isEmpty()) {
            bounds.add(
                    "keys from " + ranges.stream().map(OrderedRange::toString).collect(Collectors.joining(" and ")));
        }
        return String.join(", ", bounds);
    }

    void count(ShardCount count) {
        out.println();
        out.printf(
                Locale.ROOT,
                "This load takes %d shards: %s ask for %.2f, half as much again for growth, and a power of two,%n"
                        + "so that each later split halves a shard.%n",
                count.shards(),
                count.driver().name().toLowerCase(Locale.ROOT),
                count.needed());
    }

    void nothingChanged() {
        out.println();
        out.println("Nothing was changed.");
    }

    private void print(List<String[]> rows) {
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder(" ");
            for (int i = 0; i < widths.length; i++) {
                line.append(' ').append(row[i]).append(" ".repeat(widths[i] - row[i].length() + 1));
            }
            out.println(line.toString().stripTrailing());
        }
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
