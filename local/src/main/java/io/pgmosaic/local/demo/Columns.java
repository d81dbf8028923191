package io.pgmosaic.local.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Text in columns, as {@code kubectl get} prints it. */
final class Columns {
    private static final String GAP = "   ";

    private final List<List<String>> rows = new ArrayList<>();

    Columns(String... headings) {
        List<String> first = new ArrayList<>();
        for (String heading : headings) {
            first.add(heading.toUpperCase(Locale.ROOT));
        }
        rows.add(first);
    }

    Columns row(List<String> cells) {
        rows.add(cells);
        return this;
    }

    List<String> lines() {
        int[] widths = new int[rows.getFirst().size()];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            line.append(row.get(i))
                    .append(" ".repeat(widths[i] - row.get(i).length()))
                    .append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
