package io.pgmosaic.checker.accounts;

import io.pgmosaic.checker.Violation;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

class AccountTest {
    private static final String HERE = "s0";

    private final Account account = new Account(7);

    private static AccountState state(long version, Map<Long, Long> entries) {
        return new AccountState(version, new TreeMap<>(entries));
    }

    private static final AccountState FIRST = state(1, Map.of(10L, 0L));
    private static final AccountState SECOND = state(2, Map.of(10L, 5L, 11L, 0L));

    @Test
    void whatWasAcknowledgedIsThereAndNothingElse() {
        assertThat(account.acknowledged(new AccountChange(AccountState.NONE, FIRST, List.of(10L)), HERE))
                .isEmpty();
        assertThat(account.check(FIRST, HERE)).isEmpty();
        assertThat(account.check(AccountState.NONE, HERE))
                .get()
                .extracting(Violation::promise)
                .isEqualTo("acknowledged change lost");
        assertThat(account.check(SECOND, HERE))
                .get()
                .extracting(Violation::promise)
                .isEqualTo("change that nobody was told of");
    }

    @Test
    void aChangeOfWhichOneRowIsMissingIsFound() {
        account.acknowledged(new AccountChange(AccountState.NONE, SECOND, List.of(10L, 11L)), HERE);
        assertThat(account.check(state(2, Map.of(10L, 5L)), HERE)).isPresent();
        assertThat(account.check(state(2, Map.of(10L, 4L, 11L, 0L)), HERE)).isPresent();
    }

    @Test
    void aChangeOfUnknownOutcomeIsThereOrNotUntilTheNextOneHasSeenWhich() {
        account.acknowledged(new AccountChange(AccountState.NONE, FIRST, List.of(10L)), HERE);
        account.unknown(new AccountChange(FIRST, SECOND, List.of(11L)));
        assertThat(account.check(FIRST, HERE)).isEmpty();
        assertThat(account.check(SECOND, HERE)).isEmpty();
        AccountState third = state(2, Map.of(12L, 0L));
        assertThat(account.acknowledged(new AccountChange(FIRST, third, List.of(12L)), HERE))
                .isEmpty();
        assertThat(account.check(SECOND, HERE)).isPresent();
    }

    @Test
    void anAcknowledgedChangeOfWhatNobodyLeftIsAViolation() {
        account.acknowledged(new AccountChange(AccountState.NONE, FIRST, List.of(10L)), HERE);
        assertThat(account.acknowledged(
                        new AccountChange(AccountState.NONE, state(1, Map.of(11L, 0L)), List.of(11L)), HERE))
                .isPresent();
    }

    @Test
    void aSequenceThatGivesAnOldNumberIsAViolation() {
        account.acknowledged(new AccountChange(AccountState.NONE, FIRST, List.of(10L)), HERE);
        assertThat(account.acknowledged(new AccountChange(FIRST, state(2, Map.of(10L, 0L, 9L, 0L)), List.of(9L)), HERE))
                .get()
                .extracting(Violation::promise)
                .isEqualTo("sequence went back");
    }
}
