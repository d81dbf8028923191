package io.pgmosaic.routing.key;

import io.pgmosaic.routing.hash.PostgresHash;
import io.pgmosaic.routing.hash.Utf8;

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
}
