package io.pgmosaic.operator.split.copy;

/** Is told how far a copy is, often, by the threads that copy; it returns at once. */
public interface CopyListener {
    /**
     * @param table qualified name, quoted
     * @param rows that the receiver has been given so far
     * @param bytes of their text
     * @param isDone whether these are all, and committed
     */
    void copied(String table, long rows, long bytes, boolean isDone);
}
