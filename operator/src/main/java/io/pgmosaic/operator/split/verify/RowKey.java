package io.pgmosaic.operator.split.verify;

import java.util.List;

/** The values of a row's key, as text. */
record RowKey(List<String> values) {
    RowKey {
        values = List.copyOf(values);
    }
}
