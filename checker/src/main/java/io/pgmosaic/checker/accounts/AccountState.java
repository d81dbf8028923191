package io.pgmosaic.checker.accounts;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All rows of one key at one moment.
 *
 * @param version how often it was changed; 0 when there is none
 * @param entries amounts by id
 */
public record AccountState(long version, SortedMap<Long, Long> entries) {
    /** Before the first change. */
    public static final AccountState NONE = new AccountState(0, new TreeMap<>());

    public AccountState {
        entries = Collections.unmodifiableSortedMap(new TreeMap<>(entries));
    }

    @Override
    public String toString() {
        return "version " + version + " with " + entries;
    }
}
