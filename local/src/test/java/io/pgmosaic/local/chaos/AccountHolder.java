package io.pgmosaic.local.chaos;

import io.pgmosaic.checker.Violation;
import io.pgmosaic.checker.accounts.Account;
import io.pgmosaic.checker.accounts.AccountChange;
import io.pgmosaic.checker.accounts.AccountState;
import io.pgmosaic.checker.accounts.AccountTables;
import io.pgmosaic.local.chaos.Door.Outcome;
import io.pgmosaic.local.chaos.Door.Result;
import io.pgmosaic.local.chaos.Door.Work;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/** The only one who changes its accounts: two times in three through the library, otherwise by a stale map or on just any shard. */
final class AccountHolder {
    private static final long LONGEST_THOUGHT_NANOS = Duration.ofMillis(40).toNanos();
    private static final String REFUSED = "MO001";

    private final List<Account> accounts;
    private final SplittableRandom random;
    private final LibraryDoor library;
    private final StaleDoor stale;
    private final AccountLog log;

    AccountHolder(
            List<Account> accounts, SplittableRandom random, LibraryDoor library, StaleDoor stale, AccountLog log) {
        this.accounts = List.copyOf(accounts);
        this.random = random;
        this.library = library;
        this.stale = stale;
        this.log = log;
    }

    /** Changes one account, or tries to. */
    void act() {
        Account account = accounts.get(random.nextInt(accounts.size()));
        Work work = connection -> AccountTables.change(connection, account.key(), random);
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> direct(account, stale.transact(account.key(), work));
            case 3 -> direct(account, stale.transact(anyShard(), work));
            default -> throughLibrary(account, library.transact(account.key(), work));
        }
        LockSupport.parkNanos(random.nextLong(LONGEST_THOUGHT_NANOS));
    }

    private String anyShard() {
        List<String> shards = log.shards();
        return shards.get(random.nextInt(shards.size()));
    }

    private void throughLibrary(Account account, Result result) {
        learn(account, result, "through the library");
        log.count("library", result);
        if (result.outcome() == Outcome.REFUSED) {
            log.violation(new Violation(
                    "error for a client of the library", "key " + account.key() + ": " + result.problem()));
        } else if (result.outcome() == Outcome.ACKNOWLEDGED) {
            readBack(account.key(), Objects.requireNonNull(result.change()).after());
        }
    }

    private void readBack(long key, AccountState wanted) {
        try {
            AccountState found = library.read(key);
            if (!found.equals(wanted)) {
                log.violation(
                        new Violation("own write not read", "key " + key + ": " + found + " instead of " + wanted));
            }
        } catch (SQLException | RuntimeException e) {
            log.violation(new Violation("error for a reader of the library", "key " + key + ": " + e));
        }
    }

    private void direct(Account account, Result result) {
        learn(account, result, "by a stale map");
        log.count(
                result.problem() instanceof SQLException e && REFUSED.equals(e.getSQLState())
                        ? "direct, MO001"
                        : "direct",
                result);
    }

    private void learn(Account account, Result result, String how) {
        AccountChange change = result.change();
        if (change == null) {
            return;
        }
        switch (result.outcome()) {
            case ACKNOWLEDGED -> account.acknowledged(change, how).ifPresent(log::violation);
            case UNKNOWN -> account.unknown(change);
            case REFUSED -> {
                // It has changed nothing.
            }
        }
    }
}
