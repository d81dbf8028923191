package io.pgmosaic.protocol.topology;

import com.fasterxml.jackson.annotation.JsonCreator;
import io.pgmosaic.protocol.instance.LogPosition;
import org.jspecify.annotations.Nullable;

/**
 * A standby that answers reads.
 *
 * @param lagMillis how far its data was behind the primary's when it was asked; null when that is unknown, and then it
 *     serves no read that bounds its staleness
 * @param replayed how far it had replayed the log then. A standby that runs on is never behind that again. Null when
 *     unknown, and from an operator that does not tell it
 * @param ageMillis how long ago it was asked when this was published; null from an operator that does not tell it
 */
public record Replica(
        Server server,
        @Nullable Long lagMillis,
        @Nullable LogPosition replayed,
        @Nullable Long ageMillis) {
    @JsonCreator
    public Replica {}

    /** One of which no position is known. */
    public Replica(Server server, @Nullable Long lagMillis) {
        this(server, lagMillis, null, null);
    }
}
