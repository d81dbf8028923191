package io.pgmosaic.routing.map;

import io.pgmosaic.routing.key.Key;
import io.pgmosaic.routing.key.KeyValue;

import java.util.Comparator;
import java.util.List;

/** Owners by the order of texts, which is that of their bytes in UTF-8: PostgreSQL's under collation "C". */
final class TextOrderTable implements OwnerTable {
    /** UTF-8 keeps the order of code points; UTF-16 puts those of two units before those from U+E000 on. */
    static final Comparator<String> ORDER = TextOrderTable::compare;

    private final String[] bounds;
    private final int[] owners;

    /**
     * @param bounds sorted lower bounds
     * @param owners of what lies from each bound to the next; {@link #NOBODY} is one
     */
    TextOrderTable(List<String> bounds, int[] owners) {
        this.bounds = bounds.toArray(String[]::new);
        this.owners = owners.clone();
    }

    private static int compare(String one, String other) {
        int length = Math.min(one.length(), other.length());
        for (int i = 0; i < length; i++) {
            char a = one.charAt(i);
            char b = other.charAt(i);
            if (a != b) {
                boolean differentPlanes = Character.isSurrogate(a) != Character.isSurrogate(b);
                return differentPlanes ? (Character.isSurrogate(a) ? 1 : -1) : Character.compare(a, b);
            }
        }
        return Integer.compare(one.length(), other.length());
    }

    @Override
    public int owner(Key key, long hash) {
        if (!(key.values().getFirst() instanceof KeyValue.Text(String text))) {
            throw new IllegalArgumentException("the key is no text");
        }
        int low = 0;
        int high = bounds.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (compare(bounds[middle], text) <= 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? NOBODY : owners[low - 1];
    }

    @Override
    public int owner(long key, long hash) {
        throw new IllegalArgumentException("the key is a text, not a bigint");
    }
}
