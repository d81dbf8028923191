package io.pgmosaic.checker.accounts;

import io.pgmosaic.checker.Violation;

import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** What may be found of one key. One thread at a time. */
public final class Account {
    private final long key;
    private final Set<AccountState> possible = new LinkedHashSet<>(Set.of(AccountState.NONE));
    private long largestId;

    /** One that was never changed. */
    public Account(long key) {
        this.key = key;
    }

    public long key() {
        return key;
    }

    /** A change was acknowledged: what it found was true, and what it left is all that may be found. */
    public Optional<Violation> acknowledged(AccountChange change, String where) {
        Optional<Violation> violation = check(change.found(), where + ", before an acknowledged change");
        possible.clear();
        possible.add(change.after());
        if (violation.isEmpty() && !change.given().isEmpty() && change.given().getFirst() <= largestId) {
            violation = Optional.of(new Violation(
                    "sequence went back",
                    "key " + key + ": id " + change.given().getFirst() + " after " + largestId + " (" + where + ")"));
        }
        change.given().forEach(id -> largestId = Math.max(largestId, id));
        return violation;
    }

    /** Whether a change was done is not known: it may be found from now on. */
    public void unknown(AccountChange change) {
        possible.add(change.after());
    }

    /** Whether this may be there now. */
    public Optional<Violation> check(AccountState found, String where) {
        if (possible.contains(found)) {
            return Optional.empty();
        }
        long least = possible.stream().mapToLong(AccountState::version).min().orElse(0);
        return Optional.of(new Violation(
                found.version() < least ? "acknowledged change lost" : "change that nobody was told of",
                "key " + key + ": " + found + " (" + where + "); possible is " + possible));
    }
}
