package io.pgmosaic.operator.simulation;

import io.pgmosaic.operator.plan.InstanceFacts.Contact;
import io.pgmosaic.protocol.instance.InstanceRole;
import io.pgmosaic.protocol.instance.InstanceStatus;
import io.pgmosaic.protocol.instance.LogPosition;
import io.pgmosaic.protocol.instance.PostgresState;
import io.pgmosaic.protocol.instance.ReplicaConnection;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Arrays;

/** What an operator has seen of an instance, by the rules by which the product's observer remembers. Milliseconds. */
final class Sighting {
    private static final long FRESH = 5000;
    private static final long NO = -1;

    private final int number;
    private @Nullable InstanceStatus status;
    private long answeredAt = NO;
    private long silentSince = NO;
    private boolean refused;
    private long notRunningSince = NO;
    private long promisedSince = NO;
    private @Nullable LogPosition lastWritten;
    private final long[] missingSince = new long[Shard.MOST];
    boolean podEnded;

    Sighting(int number) {
        this.number = number;
    }

    void answered(InstanceStatus now, long at) {
        InstanceStatus last = status;
        if (last != null && last.bootId().equals(now.bootId()) && now.changes() < last.changes()) {
            return;
        }
        if (last == null || last.promisedTerm() != now.promisedTerm()) {
            promisedSince = at;
        }
        boolean runs = now.postgres().state() == PostgresState.ServerState.RUNNING;
        notRunningSince = runs ? NO : notRunningSince == NO ? at : notRunningSince;
        boolean primary = runs && now.role() == InstanceRole.PRIMARY;
        if (primary && now.postgres().writtenLsn() != null) {
            lastWritten =
                    new LogPosition(now.postgres().timeline(), now.postgres().writtenLsn());
        }
        for (int i = 0; i < missingSince.length; i++) {
            boolean streams = !primary || i == number || streams(now, i);
            missingSince[i] = streams ? NO : missingSince[i] == NO ? at : missingSince[i];
        }
        status = now;
        answeredAt = at;
        silentSince = NO;
        refused = false;
    }

    private static boolean streams(InstanceStatus primary, int standby) {
        for (ReplicaConnection replica : primary.postgres().replicas()) {
            if (replica.instance().equals(Shard.name(standby))) {
                return true;
            }
        }
        return false;
    }

    void failed(boolean nobodyListens, long at) {
        silentSince = silentSince == NO ? at : silentSince;
        refused = nobodyListens;
    }

    void forget() {
        status = null;
        answeredAt = NO;
        silentSince = NO;
        refused = false;
        notRunningSince = NO;
        promisedSince = NO;
        lastWritten = null;
        Arrays.fill(missingSince, NO);
    }

    @Nullable
    InstanceStatus last() {
        return status;
    }

    @Nullable
    InstanceStatus fresh(long now) {
        return answeredAt != NO && now < answeredAt + FRESH ? status : null;
    }

    Contact contact(@Nullable Sighting primary, long now) {
        return new Contact(
                silentSince == NO ? null : "no answer",
                since(silentSince, now),
                refused,
                since(notRunningSince, now),
                since(promisedSince, now),
                lastWritten,
                primary == null ? null : since(primary.missingSince[number], now));
    }

    private static @Nullable Duration since(long begun, long now) {
        return begun == NO ? null : Duration.ofMillis(now - begun);
    }
}
