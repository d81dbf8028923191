package io.pgmosaic.api.v1alpha1.split;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.common.ClusterName;
import io.pgmosaic.api.v1alpha1.common.Patterns;

import java.util.List;

/** Which shard to split, into what, and how carefully. */
@ValidationRule(
        value = "self.targets.size() > 1 || (has(self.movedKeys) && self.movedKeys.size() > 0)",
        message =
                "a split into one target moves nothing unless movedKeys says what: write two or more targets, or movedKeys")
@ValidationRule(
        value = "!has(self.movedKeys) || self.movedKeys.all(k, self.targets.exists(t, t.name == k.shard))",
        message = "movedKeys: a shard is not among targets: write one that is")
@ValidationRule(
        value = "self.targets.size() > 1 || self.targets[0].name != self.source",
        message = "targets: the source alone would keep everything: write the name of a new shard")
@ValidationRule(
        value = "!has(self.movedKeys) || self.movedKeys.all(k, k.shard != self.source)",
        message = "movedKeys: a key that stays with the source does not move: leave it out")
@ValidationRule(
        value = "!has(self.targets[0].from)",
        message = "targets: the first begins where the source does: leave out its from")
@ApiValue
public record ShardSplitSpec(
        @JsonPropertyDescription("The ShardedCluster that the shard belongs to.")
        @Required
        @ValidationRule(value = "self == oldSelf", message = "cluster cannot be changed: create another ShardSplit")
        ClusterName cluster,

        @JsonPropertyDescription("The shard to split.")
        @Required
        @Pattern(Patterns.DNS_LABEL)
        @Size(min = 1, max = 30)
        @ValidationRule(value = "self == oldSelf", message = "source cannot be changed: create another ShardSplit")
        String source,

        @JsonPropertyDescription(
                "The shards that have its keys afterwards, in order of their hashes or values. The source may be one of them: it keeps its part. One target takes only the keys named in movedKeys.")
        @Required
        @Size(min = 1, max = 16)
        @ValidationRule(
                value = "self == oldSelf",
                message = "targets cannot be changed: roll this split back and create another")
        List<SplitTarget> targets,

        @JsonPropertyDescription("Single keys that move to a target, whatever their hash.") @Size(max = 100)
        List<MovedKey> movedKeys,

        @JsonPropertyDescription(
                "Logical: rows are copied one by one. Physical: each new shard begins as a clone of the source by a base backup, and what does not move is deleted there. Auto: by the size of the source; status.findings says which and why.")
        @Default("Auto")
        SplitStrategy strategy,

        @JsonPropertyDescription("How much of the source the copy may use.") @Default("{}")
        ThrottleSpec throttle,

        @JsonPropertyDescription("What happens when rows differ.") @Default("{}")
        VerificationSpec verification,

        @JsonPropertyDescription("When and how the moving keys change hands.") @Default("{}")
        CutOverSpec cutOver,

        @JsonPropertyDescription("How long after the cut-over a rollback without loss stays possible.")
        @Default("1h")
        @Pattern(Patterns.DURATION)
        @Size(max = Patterns.DURATION_LENGTH)
        String soakTime,

        @JsonPropertyDescription("Set this to true to undo the split; possible until it is Finalizing.")
        @Default("false")
        Boolean rollback,

        @JsonPropertyDescription("Only report what would be done: problems, split points, rows, bytes and time.")
        @Default("false")
        Boolean dryRun) {

    public ShardSplitSpec {
        cluster = cluster == null ? new ClusterName("") : cluster;
        source = source == null ? "" : source;
        targets = targets == null ? List.of() : List.copyOf(targets);
        movedKeys = movedKeys == null ? List.of() : List.copyOf(movedKeys);
        strategy = strategy == null ? SplitStrategy.AUTO : strategy;
        throttle = throttle == null ? ThrottleSpec.defaults() : throttle;
        verification = verification == null ? VerificationSpec.defaults() : verification;
        cutOver = cutOver == null ? CutOverSpec.defaults() : cutOver;
        soakTime = soakTime == null ? "1h" : soakTime;
        rollback = rollback != null && rollback;
        dryRun = dryRun != null && dryRun;
    }
}
