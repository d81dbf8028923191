package io.pgmosaic.routing.key;

import io.pgmosaic.routing.hash.PostgresHash;
import io.pgmosaic.routing.hash.Utf8;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** The value of one key column. Never SQL's NULL: a row without a key lives nowhere. */
public sealed interface KeyValue {
    KeyType type();

    /** PostgreSQL's extended hash of the value. */
    long hash(long seed);

    /** The form that {@link KeyType#parse} reads. */
    String text();

    record Bigint(long value) implements KeyValue {
        @Override
        public KeyType type() {
            return KeyType.BIGINT;
        }

        @Override
        public long hash(long seed) {
            return PostgresHash.bigint(value, seed);
        }

        @Override
        public String text() {
            return Long.toString(value);
        }
    }

    record Text(String value) implements KeyValue {
        /**
         * @throws IllegalArgumentException when PostgreSQL cannot hold {@code value}: it has a NUL character or half of a
         *     surrogate pair
         */
        public Text {
            Utf8.length(value);
        }

        @Override
        public KeyType type() {
            return KeyType.TEXT;
        }

        @Override
        public long hash(long seed) {
            return PostgresHash.text(value, seed);
        }

        @Override
        public String text() {
            return value;
        }
    }

    record Uuid(UUID value) implements KeyValue {
        @Override
        public KeyType type() {
            return KeyType.UUID;
        }

        @Override
        public long hash(long seed) {
            return PostgresHash.uuid(value, seed);
        }

        @Override
        public String text() {
            return value.toString();
        }
    }

    /** @param instant in whole microseconds, which is what PostgreSQL can hold */
    record Timestamp(Instant instant) implements KeyValue {
        private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
        private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");
        /** From which PostgreSQL counts. */
        private static final Instant ORIGIN = Instant.parse("2000-01-01T00:00:00Z");

        /** @throws IllegalArgumentException outside of the years 1 to 9999, or with a part of a microsecond */
        public Timestamp {
            if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
                throw new IllegalArgumentException("is not between " + FIRST + " and " + LAST);
            }
            if (!instant.equals(instant.truncatedTo(ChronoUnit.MICROS))) {
                throw new IllegalArgumentException("has more than six digits after the second");
            }
        }

        /** Microseconds since 2000, the number by which PostgreSQL knows it. */
        public long micros() {
            return ORIGIN.until(instant, ChronoUnit.MICROS);
        }

        @Override
        public KeyType type() {
            return KeyType.TIMESTAMPTZ;
        }

        @Override
        public long hash(long seed) {
            return PostgresHash.bigint(micros(), seed);
        }

        @Override
        public String text() {
            return instant.toString();
        }
    }
}
