package io.pgmosaic.local.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.checker.Promotion;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What the operator says of promotions, in the clients' time. */
final class Promotions {
    private final Patient patient;
    private final List<Promotion> known = new ArrayList<>();

    Promotions(Patient patient) {
        this.patient = patient;
    }

    /** Looks at the status. */
    void look() {
        for (JsonNode shard : patient.status().path("shards")) {
            JsonNode failover = shard.path("lastFailover");
            if (failover.hasNonNull("promotedAt")) {
                String text = failover.path("promotedAt").asText();
                // A time without a fraction may have been cut off.
                Instant promoted = Instant.parse(text).plusSeconds(text.contains(".") ? 0 : 1);
                long ago = Duration.between(promoted, Instant.now()).toNanos();
                known.add(new Promotion(
                        shard.path("name").asText(), failover.path("term").asLong(), System.nanoTime() - ago));
            }
        }
    }

    /** All that was seen. */
    List<Promotion> known() {
        return List.copyOf(known);
    }
}
