package io.pgmosaic.api.v1alpha1.cluster;

import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.pgmosaic.api.v1alpha1.common.ApiValue;
import io.pgmosaic.api.v1alpha1.split.MovedKey;

import java.util.List;

/** A split that is under way, as far as it has changed who owns what. */
@ApiValue
public record SplitState(
        @JsonPropertyDescription("Name of the ShardSplit.") String name,

        @JsonPropertyDescription("Its identifier: another one of the same name is another split.")
        String uid,

        @JsonPropertyDescription("The shard that is split.") String source,

        @JsonPropertyDescription("The shards that have its keys afterwards; the source may be among them.")
        List<String> parts,

        @JsonPropertyDescription("Where the parts begin.") List<SplitCutState> cuts,

        @JsonPropertyDescription("Single keys that move.") List<MovedKey> movedKeys,

        @JsonPropertyDescription("Whether the moving keys are with the targets; else they are with the source.")
        Boolean switched,

        @JsonPropertyDescription("Whether there is no way back: what is left to do is to clean up.")
        Boolean finished) {

    public SplitState {
        name = name == null ? "" : name;
        uid = uid == null ? "" : uid;
        source = source == null ? "" : source;
        parts = parts == null ? List.of() : List.copyOf(parts);
        cuts = cuts == null ? List.of() : List.copyOf(cuts);
        movedKeys = movedKeys == null ? List.of() : List.copyOf(movedKeys);
        switched = switched != null && switched;
        finished = finished != null && finished;
    }

    /** Shards that are not the source. */
    public List<String> targets() {
        return parts.stream().filter(part -> !part.equals(source)).toList();
    }
}
