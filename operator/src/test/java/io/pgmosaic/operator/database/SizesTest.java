package io.pgmosaic.operator.database;

import io.pgmosaic.api.v1alpha1.cluster.KeyColumnType;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

class SizesTest {
    private static final ShardServer SERVER = ShardServer.shared();

    private final AtomicLong nanos = new AtomicLong(1);
    private final Sizes sizes = new Sizes(nanos::get);

    @Test
    void measuresEveryTableWithItsPartitionsAndAtMostEveryHalfMinute() throws SQLException {
        DatabaseIntent intent = SERVER.intent(
                """
                CREATE TABLE plain (id bigint PRIMARY KEY, text text);
                INSERT INTO plain SELECT i, 'x' FROM generate_series(1, 1000) i;
                CREATE TABLE parts (id bigint PRIMARY KEY) PARTITION BY RANGE (id);
                CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (1000000);
                INSERT INTO parts SELECT i FROM generate_series(1, 1000) i;
                """,
                ShardServer.table("plain", "id", KeyColumnType.BIGINT),
                ShardServer.table("parts", "id", KeyColumnType.BIGINT),
                ShardServer.table("missing", "id", KeyColumnType.BIGINT));
        new DatabaseSetup().bringTo(intent);
        try (Connection connection = connect(intent)) {
            DatabaseSize first = requireNonNull(sizes.of(intent, connection));
            assertThat(first.tables()).containsOnlyKeys("public.plain", "public.parts");
            assertThat(first.tables().values()).allMatch(bytes -> bytes > 1_000 * 8);
            assertThat(first.bytes())
                    .isGreaterThan(first.tables().values().stream()
                            .mapToLong(bytes -> bytes)
                            .sum());
            SERVER.asOwner(intent, "INSERT INTO plain SELECT i, 'x' FROM generate_series(1001, 9000) i");
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(29));
            assertThat(sizes.of(intent, connection)).isSameAs(first);
            nanos.addAndGet(TimeUnit.SECONDS.toNanos(2));
            DatabaseSize later = requireNonNull(sizes.of(intent, connection));
            assertThat(later.tables().get("public.plain"))
                    .isGreaterThan(first.tables().get("public.plain"));
        }
    }

    @Test
    void leavesOutATableThatSomebodyHasForHimself() throws SQLException {
        DatabaseIntent intent = SERVER.intent(
                "CREATE TABLE plain (id bigint PRIMARY KEY)", ShardServer.table("plain", "id", KeyColumnType.BIGINT));
        new DatabaseSetup().bringTo(intent);
        try (Connection holder = connect(intent);
                Statement statement = holder.createStatement();
                Connection connection = connect(intent)) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE plain IN ACCESS EXCLUSIVE MODE");
            DatabaseSize size = requireNonNull(sizes.of(intent, connection));
            assertThat(size.tables()).isEmpty();
            assertThat(size.bytes()).isPositive();
            holder.rollback();
        }
    }

    private static Connection connect(DatabaseIntent intent) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {intent.server().port()});
        source.setDatabaseName(intent.database());
        source.setUser("postgres");
        source.setSslMode("disable");
        return source.getConnection();
    }
}
