package io.pgmosaic.router.http;

import io.pgmosaic.router.lookup.Intent;
import io.pgmosaic.router.lookup.TableRoute;
import io.pgmosaic.routing.key.KeyType;
import io.pgmosaic.routing.map.RowColumn;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/** One key of a batch, as it was written. */
record BatchKey(List<Value> values) {
    /** How JSON wrote a value. */
    enum Form {
        STRING,
        NUMBER,
        NULL,
        OTHER
    }

    record Value(String text, Form form) {}

    /**
     * The values' texts. A number is no key of text type: 42, 42.0 and "42" would be three keys or one, and only the
     * client knows.
     *
     * @throws ProblemException when a value is written in a form that its column's type has not
     */
    List<@Nullable String> texts(TableRoute.Sharded table, Intent intent) throws ProblemException {
        List<RowColumn> columns = table.key().columns();
        List<@Nullable String> texts = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            Value value = values.get(i);
            if (value.form() == Form.NULL
                    && i < columns.size()
                    && columns.get(i).mayBeMissing()) {
                texts.add(null);
                continue;
            }
            if (value.form() == Form.OTHER || value.form() == Form.NULL) {
                throw Lookups.refused(table, intent, "a key value is " + value.text() + "; write a string or a number");
            }
            if (value.form() == Form.NUMBER
                    && i < columns.size()
                    && columns.get(i).column().type() != KeyType.BIGINT) {
                throw Lookups.refused(
                        table,
                        intent,
                        "key column " + columns.get(i).column().name()
                                + " is not a number; write the value as a string");
            }
            texts.add(value.text());
        }
        return texts;
    }
}
