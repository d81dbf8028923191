package io.pgmosaic.cli;

import io.pgmosaic.api.v1alpha1.cluster.ShardedCluster;
import io.pgmosaic.maps.DeclaredMap;
import io.pgmosaic.routing.plan.ClusterPlan;
import io.pgmosaic.routing.plan.Resize;
import io.pgmosaic.routing.plan.ShardCount;
import io.pgmosaic.routing.recipe.MapRecipe;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.concurrent.Callable;

/** {@code plan}: what another map, or more shards, would move; and how many shards a load takes. */
@Command(
        name = "plan",
        description = {
            "What a changed rule or number of shards would move, from where to where; and how many shards a load takes.",
            "Reads the cluster's status; changes nothing."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class PlanCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "NAME",
            description = "The ShardedCluster; that of -f by default.")
    private @Nullable String name;

    @Option(
            names = {"-f", "--filename"},
            paramLabel = "FILE",
            description = "Manifest of the ShardedCluster as it would be; - for the standard input.")
    private @Nullable String file;

    @Option(
            names = "--shards",
            paramLabel = "N",
            description = "The present rule of the tables that are in no group over this many shards.")
    private @Nullable Integer shards;

    @Option(
            names = "--current",
            paramLabel = "FILE",
            description =
                    "What the cluster is, as 'kubectl get shardedcluster NAME -o yaml' printed it, instead of asking.")
    private @Nullable String current;

    @Option(
            names = {"-n", "--namespace"},
            description = "Its namespace; that of the manifest or the context by default.")
    private @Nullable String namespace;

    @Option(names = "--context", description = "The context of the kubeconfig; its current one by default.")
    private @Nullable String context;

    @ArgGroup(exclusive = false, heading = "How many shards a load takes:%n")
    private @Nullable CapacityOptions capacity;

    @Override
    public Integer call() throws Refusal {
        if (file != null && shards != null) {
            throw usage("give either -f or --shards, not both");
        }
        if (file == null && shards == null && capacity == null) {
            throw usage("say what would be: -f FILE, --shards N, or --shard-bytes and the like for a number of shards");
        }
        @Nullable ShardedCluster wanted = file == null ? null : Manifest.read(file, System.in);
        ShardedCluster cluster = present(wanted);
        PrintWriter out = spec.commandLine().getOut();
        PlanText text = new PlanText(out);
        try {
            PresentState present = PresentState.of(cluster);
            text.cluster(cluster, present);
            @Nullable MapRecipe after = after(wanted, present);
            if (after != null) {
                ClusterPlan plan = ClusterPlan.between(present.map(), after, present.tables(), present.sizes());
                if (shards != null) {
                    text.resized(after, plan);
                }
                text.plan(after, plan);
            }
            if (capacity != null) {
                text.count(ShardCount.of(capacity.load(present.bytes()), capacity.capacity()));
            }
        } catch (IllegalArgumentException | IllegalStateException e) {
            // A file need not be what an API server would have let in.
            throw new Refusal(String.valueOf(e.getMessage()), e);
        }
        text.nothingChanged();
        out.flush();
        return 0;
    }

    private ShardedCluster present(@Nullable ShardedCluster wanted) throws Refusal {
        if (current != null) {
            return Manifest.read(current, System.in);
        }
        @Nullable
        String called =
                name != null ? name : wanted != null ? wanted.getMetadata().getName() : null;
        if (called == null) {
            throw usage("name the ShardedCluster");
        }
        @Nullable
        String where = namespace != null
                ? namespace
                : wanted != null ? wanted.getMetadata().getNamespace() : null;
        return LiveCluster.read(context, where, called);
    }

    private @Nullable MapRecipe after(@Nullable ShardedCluster wanted, PresentState present) {
        if (shards != null) {
            return Resize.of(present.map(), shards);
        }
        return wanted == null
                ? null
                : DeclaredMap.of(
                        wanted.getSpec().shards().shardNames(), wanted.getSpec().sharding());
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
