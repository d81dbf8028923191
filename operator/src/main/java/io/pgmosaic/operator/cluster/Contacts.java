package io.pgmosaic.operator.cluster;

import io.pgmosaic.operator.observe.Observation;
import io.pgmosaic.operator.plan.InstanceFacts.Contact;
import io.pgmosaic.protocol.instance.InstanceStatus;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/** How long things have been as they are, from what was observed. Pure. */
final class Contacts {
    private Contacts() {}

    /**
     * @param seen what was observed of the instance; null when nothing was
     * @param primary what was observed of the shard's primary; null when nothing was
     * @param now by the observer's clock
     */
    static Contact of(@Nullable Observation seen, String name, @Nullable Observation primary, Instant now) {
        if (seen == null) {
            return new Contact("it is not observed yet", null, false, null, null, null, null);
        }
        return new Contact(
                seen.failure(),
                since(seen.silentSince(), now),
                seen.refused(),
                since(seen.notRunningSince(), now),
                since(seen.promisedSince(), now),
                seen.lastWritten(),
                since(primary == null ? null : notStreamingSince(name, primary), now));
    }

    /** One that is not even known to the observer, since its pod is gone, has been missing for as long as the primary runs. */
    private static @Nullable Instant notStreamingSince(String name, Observation primary) {
        InstanceStatus status = primary.status();
        boolean streams = status != null
                && status.postgres().replicas().stream()
                        .anyMatch(replica -> replica.instance().equals(name)
                                && replica.state().equals("streaming"));
        return streams ? null : primary.notStreamingSince().getOrDefault(name, primary.promisedSince());
    }

    private static @Nullable Duration since(@Nullable Instant begun, Instant now) {
        return begun == null ? null : Duration.between(begun, now);
    }
}
