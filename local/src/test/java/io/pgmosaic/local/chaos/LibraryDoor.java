package io.pgmosaic.local.chaos;

import io.pgmosaic.checker.accounts.AccountChange;
import io.pgmosaic.checker.accounts.AccountState;
import io.pgmosaic.checker.accounts.AccountTables;
import io.pgmosaic.client.CausalContext;
import io.pgmosaic.client.MosaicClient;
import io.pgmosaic.client.ReadGuarantee;
import io.pgmosaic.client.TableKey;
import io.pgmosaic.client.UnknownOutcomeException;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;

/** Through the client library, which is to hide all that can be hidden. One thread at a time. */
final class LibraryDoor implements Door {
    private final MosaicClient client;
    private final CausalContext context = new CausalContext();

    LibraryDoor(MosaicClient client) {
        this.client = client;
    }

    @Override
    public Result transact(long key, Work work) {
        AtomicReference<AccountChange> last = new AtomicReference<>();
        try {
            client.inTransaction(key(key), context, connection -> {
                AccountChange change = work.run(connection);
                last.set(change);
                return change;
            });
            return new Result(Outcome.ACKNOWLEDGED, last.get(), null);
        } catch (UnknownOutcomeException e) {
            return new Result(Outcome.UNKNOWN, last.get(), e);
        } catch (SQLException | RuntimeException e) {
            return new Result(Outcome.REFUSED, last.get(), e);
        }
    }

    /** What somebody sees who has to see what was written by this door. */
    AccountState read(long key) throws SQLException {
        return client.read(key(key), ReadGuarantee.causal(context), connection -> AccountTables.read(connection, key));
    }

    private static TableKey key(long key) {
        return TableKey.of(AccountTables.ACCOUNTS, key);
    }
}
