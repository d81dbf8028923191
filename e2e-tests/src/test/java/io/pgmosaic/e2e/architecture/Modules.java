package io.pgmosaic.e2e.architecture;

import io.pgmosaic.e2e.Checkout;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The modules with code, and the table in docs/architecture.md that says which may depend on which. */
final class Modules {
    /** Package roots by module. */
    static final Map<String, String> ROOTS = Map.ofEntries(
            Map.entry("routing", "io.pgmosaic.routing"),
            Map.entry("crds", "io.pgmosaic.api"),
            Map.entry("protocol", "io.pgmosaic.protocol"),
            Map.entry("instance-manager", "io.pgmosaic.instance"),
            Map.entry("router-sidecar", "io.pgmosaic.router"),
            Map.entry("client", "io.pgmosaic.client"),
            Map.entry("maps", "io.pgmosaic.maps"),
            Map.entry("operator", "io.pgmosaic.operator"),
            Map.entry("cli", "io.pgmosaic.cli"),
            Map.entry("checker", "io.pgmosaic.checker"),
            Map.entry("local", "io.pgmosaic.local"));

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([a-z-]+)` \\|[^|]*\\|([^|]*)\\|$");
    private static final Pattern WORD = Pattern.compile("[a-z][a-z-]*");

    private Modules() {}

    /** For each module of the table that has code: the modules that it may depend on. */
    static Map<String, Set<String>> allowed() {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        Matcher row = ROW.matcher(Checkout.read("docs/architecture.md"));
        while (row.find()) {
            if (ROOTS.containsKey(row.group(1))) {
                table.put(row.group(1), modulesIn(row.group(2)));
            }
        }
        return table;
    }

    private static Set<String> modulesIn(String text) {
        Set<String> found = new LinkedHashSet<>();
        Matcher word = WORD.matcher(text);
        while (word.find()) {
            if (ROOTS.containsKey(word.group())) {
                found.add(word.group());
            }
        }
        return found;
    }
}
