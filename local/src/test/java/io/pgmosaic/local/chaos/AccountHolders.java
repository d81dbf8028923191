package io.pgmosaic.local.chaos;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.pgmosaic.checker.Access;
import io.pgmosaic.checker.accounts.Account;
import io.pgmosaic.checker.accounts.AccountTables;
import io.pgmosaic.client.ClientSettings;
import io.pgmosaic.client.MosaicClient;
import io.pgmosaic.client.TableKey;
import io.pgmosaic.client.connection.DatabaseServer;

import javax.sql.DataSource;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/** All holders of accounts, at work until they are closed. They can be made to rest, so that nothing is under way. */
final class AccountHolders implements AutoCloseable {
    private static final int ACCOUNTS_OF_EACH = 40;
    private static final long FIRST_BALLAST = 1_000_000;
    private static final Duration RETRY = Duration.ofMinutes(2);

    private final Patient patient;
    private final MosaicClient client;
    private final AccountLog log = new AccountLog();
    private final List<Account> accounts = new ArrayList<>();
    private final List<Long> ballast = new ArrayList<>();
    private final ReadWriteLock work = new ReentrantReadWriteLock(true);
    private final AtomicBoolean ended = new AtomicBoolean();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();

    /** Shards by key, as they were when it was last looked. */
    private volatile Map<Long, String> map = Map.of();

    private AccountHolders(Patient patient) {
        this.patient = patient;
        this.client = MosaicClient.create(
                ClientSettings.defaults().withRouter(patient.address()).withRetryFor(RETRY), this::pool);
    }

    /** @param ballast rows that nobody changes */
    static AccountHolders start(Patient patient, int holders, int ballast, long seed) throws SQLException {
        AccountHolders all = new AccountHolders(patient);
        try {
            all.fill(ballast);
            all.lookAtTheMap();
            SplittableRandom random = new SplittableRandom(seed);
            for (int number = 0; number < holders; number++) {
                all.begin(number, random.split());
            }
            return all;
        } catch (SQLException | RuntimeException e) {
            all.close();
            throw e;
        }
    }

    private void begin(int number, SplittableRandom random) {
        List<Account> own = new ArrayList<>();
        for (long i = 0; i < ACCOUNTS_OF_EACH; i++) {
            own.add(new Account((long) number * ACCOUNTS_OF_EACH + i));
        }
        accounts.addAll(own);
        running.add(threads.submit(() -> {
            StaleDoor stale = new StaleDoor(patient, () -> map);
            AccountHolder holder = new AccountHolder(own, random, new LibraryDoor(client), stale, log);
            try {
                while (!ended.get()) {
                    Lock mine = work.readLock();
                    mine.lock();
                    try {
                        holder.act();
                    } finally {
                        mine.unlock();
                    }
                }
            } finally {
                stale.hangUp();
            }
        }));
    }

    private void fill(int rows) throws SQLException {
        Map<String, List<Long>> byShard = new HashMap<>();
        for (long key = FIRST_BALLAST; key < FIRST_BALLAST + rows; key++) {
            ballast.add(key);
            byShard.computeIfAbsent(client.shardOf(TableKey.of(AccountTables.BALLAST, key)), shard -> new ArrayList<>())
                    .add(key);
        }
        for (Map.Entry<String, List<Long>> shard : byShard.entrySet()) {
            try (Connection connection = patient.application(shard.getKey());
                    PreparedStatement statement = connection.prepareStatement("INSERT INTO ballast"
                            + " SELECT key, repeat(md5(key::text), 6) FROM unnest(?::bigint[]) AS key")) {
                Array keys = connection.createArrayOf("bigint", shard.getValue().toArray());
                statement.setArray(1, keys);
                statement.execute();
            }
        }
    }

    /** Whoever goes by a stale map goes by the present one from now on. */
    void lookAtTheMap() throws SQLException {
        Map<Long, String> present = new HashMap<>();
        for (Account account : accounts) {
            present.put(account.key(), client.shardOf(TableKey.of(AccountTables.ACCOUNTS, account.key())));
        }
        map = Map.copyOf(present);
    }

    /** Something to be done while no transaction of a holder is under way. */
    @FunctionalInterface
    interface Quiet {
        void run() throws SQLException;
    }

    /** Does it when all rest; they go on afterwards. */
    void atRest(Quiet quiet) throws SQLException {
        Lock all = work.writeLock();
        all.lock();
        try {
            quiet.run();
        } finally {
            all.unlock();
        }
    }

    MosaicClient client() {
        return client;
    }

    AccountLog log() {
        return log;
    }

    List<Account> accounts() {
        return List.copyOf(accounts);
    }

    List<Long> ballast() {
        return List.copyOf(ballast);
    }

    private DataSource pool(DatabaseServer server) {
        Access access = patient.access();
        HikariConfig config = new HikariConfig();
        config.setPoolName(server.instance());
        config.setJdbcUrl("jdbc:postgresql://" + server.host() + ":" + server.port() + "/" + server.database());
        config.setUsername(access.user());
        config.setPassword(access.password());
        config.addDataSourceProperty("sslmode", "verify-ca");
        config.addDataSourceProperty("sslrootcert", access.authority().toString());
        config.addDataSourceProperty("connectTimeout", "2");
        config.addDataSourceProperty("socketTimeout", "5");
        config.setMaximumPoolSize(16);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(2_000);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }

    /** Ends them and waits for it. */
    @Override
    public void close() {
        ended.set(true);
        threads.close();
        client.close();
        for (Future<?> holder : running) {
            try {
                holder.get();
            } catch (ExecutionException e) {
                throw new IllegalStateException("a holder of accounts gave up", e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
