package io.pgmosaic.checker.accounts;

import java.util.List;

/**
 * What one transaction did to an account.
 *
 * @param found what was there before it
 * @param after what it leaves when it commits
 * @param given ids that a sequence gave it, in their order
 */
public record AccountChange(AccountState found, AccountState after, List<Long> given) {
    public AccountChange {
        given = List.copyOf(given);
    }
}
