package io.pgmosaic.router.ids;

import com.github.f4b6a3.ulid.UlidFactory;
import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;

/**
 * Ids that are unique by their randomness, and grow within this process unless the clock is set back by more than seconds.
 * Thread-safe.
 */
final class RandomIds {
    private final UlidFactory ulids = UlidFactory.newMonotonicInstance();
    private final TimeOrderedEpochFactory uuids =
            TimeOrderedEpochFactory.builder().withIncrementPlusN().build();

    String ulid() {
        return ulids.create().toString();
    }

    String uuid() {
        return uuids.create().toString();
    }
}
