package io.pgmosaic.routing.guard;

/** One SQL statement out of many: a DO block, which is atomic also when it is sent outside of a transaction. */
final class Script {
    private Script() {}

    /**
     * @param lockTimeoutMillis how long the block waits for each lock before it gives up with SQLSTATE 55P03
     * @param steps plpgsql statements, run with search_path at pg_catalog
     */
    static String of(long lockTimeoutMillis, String steps) {
        if (lockTimeoutMillis < 1 || lockTimeoutMillis > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "a lock timeout has 1 to " + Integer.MAX_VALUE + " milliseconds, not " + lockTimeoutMillis);
        }
        String body = """
                DECLARE
                  callers_path pg_catalog.text := pg_catalog.current_setting('search_path');
                  callers_timeout pg_catalog.text := pg_catalog.current_setting('lock_timeout');
                  unused pg_catalog.regprocedure;
                BEGIN
                  PERFORM pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', true),
                          pg_catalog.set_config('lock_timeout', '%d', true);
                %s
                  PERFORM pg_catalog.set_config('search_path', callers_path, true),
                          pg_catalog.set_config('lock_timeout', callers_timeout, true);
                END
                """.formatted(lockTimeoutMillis, steps);
        return "DO LANGUAGE plpgsql " + SqlText.literal(body);
    }
}
