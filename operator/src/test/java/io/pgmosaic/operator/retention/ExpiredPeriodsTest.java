package io.pgmosaic.operator.retention;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.pgmosaic.api.v1alpha1.cluster.ShardMapState;
import io.pgmosaic.api.v1alpha1.cluster.ShardingSpec;
import io.pgmosaic.maps.DeclaredMap;
import io.pgmosaic.maps.RecordedMap;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

class ExpiredPeriodsTest {
    private static final List<String> SHARDS = List.of("eu", "us-hot", "us-cold", "us-acme", "old", "new");
    private static final String RULES = """
            retention: 48h
            placements:
              - {region: eu, shards: [eu]}
              - {region: us, until: 2026-01-01T00:00:00Z, shards: [us-cold]}
              - {region: us, from: 2026-01-01T00:00:00Z, shards: [us-hot], dedicatedShards: [us-acme]}
            overrides:
              - {key: [acme], shard: us-acme}
            tables:
              - name: orders
                key:
                  - {column: region, type: Text, role: Region}
                  - {column: made at, type: Timestamp, role: Time}
                  - {column: tenant, type: Text}
            groups:
              - name: log
                retention: 1h
                placements:
                  - {from: 2025-01-01T00:00:00Z, until: 2025-06-01T00:00:00Z, shards: [old, new]}
                  - {from: 2025-06-01T00:00:00Z, until: 2026-01-01T00:00:00Z, shards: [new]}
                tables:
                  - {name: events, key: [{column: at, type: Timestamp, role: Time}, {column: id, type: BigInt}]}
                  - {name: visits, schema: web, key: [{column: at, type: Timestamp, role: Time}, {column: id, type: BigInt}]}
              - name: kept
                placements:
                  - {until: 2025-06-01T00:00:00Z, shards: [old]}
                  - {from: 2025-06-01T00:00:00Z, shards: [new]}
                tables:
                  - {name: deeds, key: [{column: at, type: Timestamp, role: Time}, {column: id, type: BigInt}]}
            """;

    private static List<ExpiredPeriod> at(String now) {
        ShardingSpec sharding = new KubernetesSerialization().unmarshal(RULES, ShardingSpec.class);
        ShardMapState map = RecordedMap.of(DeclaredMap.of(SHARDS, sharding));
        return ExpiredPeriods.of(map, sharding, Instant.parse(now));
    }

    @Test
    void nothingIsTooOldBeforeTheRetentionIsOver() {
        assertThat(at("2025-06-01T00:59:59.999999Z")).isEmpty();
        assertThat(at("2025-06-01T01:00:00Z")).hasSize(1);
    }

    @Test
    void tellsWhatDeletesThePeriodAndNothingElse() {
        assertThat(at("2025-07-01T00:00:00Z"))
                .containsExactly(new ExpiredPeriod(
                        "log",
                        null,
                        "2025-06-01T00:00:00Z",
                        Instant.parse("2025-06-01T01:00:00Z"),
                        List.of("old", "new"),
                        List.of(
                                "DELETE FROM \"public\".\"events\" WHERE \"at\" >= timestamptz '2025-01-01T00:00:00Z'"
                                        + " AND \"at\" < timestamptz '2025-06-01T00:00:00Z'",
                                "DELETE FROM \"web\".\"visits\" WHERE \"at\" >= timestamptz '2025-01-01T00:00:00Z'"
                                        + " AND \"at\" < timestamptz '2025-06-01T00:00:00Z'")));
    }

    @Test
    void aRegionsRowsAreOnTheShardsOfItsOverridesToo() {
        List<ExpiredPeriod> expired = at("2026-01-03T00:00:00Z");
        assertThat(expired).extracting(ExpiredPeriod::group).containsExactly("", "log", "log");
        assertThat(expired.getFirst().region()).isEqualTo("us");
        assertThat(expired.getFirst().shards()).containsExactly("us-cold", "us-acme");
        assertThat(expired.getFirst().statements())
                .containsExactly(
                        "DELETE FROM \"public\".\"orders\" WHERE \"region\" = 'us' AND \"made at\" < timestamptz"
                                + " '2026-01-01T00:00:00Z'");
        assertThat(expired.getFirst().message())
                .isEqualTo(
                        "rows before 2026-01-01T00:00:00Z of region us were to be kept until 2026-01-03T00:00:00Z; on each"
                                + " of us-cold, us-acme: DELETE FROM \"public\".\"orders\" WHERE \"region\" = 'us' AND"
                                + " \"made at\" < timestamptz '2026-01-01T00:00:00Z'");
    }

    @Test
    void withoutAMapOrARetentionThereIsNothingToTell() {
        assertThat(ExpiredPeriods.of(null, ShardingSpec.defaults(), Instant.MAX))
                .isEmpty();
        ShardingSpec defaults = ShardingSpec.defaults();
        ShardMapState map = RecordedMap.of(DeclaredMap.of(SHARDS, defaults));
        assertThat(ExpiredPeriods.of(map, defaults, Instant.MAX)).isEmpty();
    }
}
