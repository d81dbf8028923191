package io.pgmosaic.operator.split.schema;

import java.io.IOException;

/** Tells the schema of the source's database as SQL: the instance manager of its primary does. */
public interface SchemaSource {
    /** Part of a schema; the word is what {@code pg_dump} calls it. */
    enum Section {
        PRE_DATA("pre-data"),
        POST_DATA("post-data");

        private final String word;

        Section(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    /** @throws IOException with what stands against it, for a person */
    String text(Section section) throws IOException, InterruptedException;
}
