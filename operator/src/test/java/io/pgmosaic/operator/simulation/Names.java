package io.pgmosaic.operator.simulation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A value of {@code synchronous_standby_names} as PostgreSQL reads it.
 *
 * @param standbys a bit for each instance's number
 * @param wanted how many of them must have a commit; 0 when it waits for nobody
 */
record Names(int standbys, int wanted) {
    static final Names NOBODY = new Names(0, 0);
    private static final Map<String, Names> PARSED = new ConcurrentHashMap<>();

    static Names of(String text) {
        return PARSED.computeIfAbsent(text, Names::parse);
    }

    boolean has(int instance) {
        return (standbys >> instance & 1) == 1;
    }

    private static Names parse(String text) {
        if (text.isEmpty()) {
            return NOBODY;
        }
        String[] quoted = text.split("\"", -1);
        int standbys = 0;
        for (int i = 1; i < quoted.length; i += 2) {
            standbys |= 1 << Integer.parseInt(quoted[i].substring(quoted[i].lastIndexOf('-') + 1));
        }
        return new Names(standbys, Integer.parseInt(text.split(" ", -1)[1]));
    }
}
