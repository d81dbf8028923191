package io.pgmosaic.cli;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** {@code directory}: on which shards single keys are, and has operators change that. */
@Command(
        name = "directory",
        description = {
            "On which shards single keys of a table with a directory are.",
            "Asks a router, which has an operator make changes: what its service account may is what can be done."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Version.class)
final class DirectoryCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name what to do: get, set or unset");
    }

    /** Which key of which table of which cluster. */
    static final class Target {
        @Mixin
        private RouterOptions router = new RouterOptions();

        @Option(
                names = "--table",
                required = true,
                paramLabel = "TABLE",
                description = "The table, such as orders or shop.orders.")
        private String table = "";

        @Option(
                names = "--key",
                required = true,
                paramLabel = "VALUE",
                description = "The key: one for each key column, in order.")
        private List<String> key = new ArrayList<>();

        JsonNode get() throws Refusal {
            return router.ask(asked -> asked.entry(table, key));
        }

        JsonNode change(@Nullable String shard) throws Refusal {
            return router.ask(asked -> asked.change(table, key, shard));
        }

        String text() {
            return String.join(", ", key) + " of " + table;
        }
    }

    @Command(name = "get", description = "Tells where a key is, and why.", mixinStandardHelpOptions = true)
    void get(@Mixin Target target) throws Refusal {
        JsonNode entry = target.get();
        String home = entry.path("home").asText();
        PrintWriter out = spec.commandLine().getOut();
        switch (entry.path("source").asText()) {
            case "entry" ->
                out.printf(
                        "%s is on shard %s, by an entry; the rule has it on %s.%n",
                        target.text(), entry.path("shard").asText(), home);
            case "override" ->
                out.printf(
                        "%s is on shard %s, by an override of the spec.%n",
                        target.text(), entry.path("shard").asText());
            case "changing" -> out.printf("%s changes hands just now; the rule has it on %s.%n", target.text(), home);
            default -> out.printf("%s is on shard %s, by the rule; it has no entry.%n", target.text(), home);
        }
        out.flush();
    }

    @Command(
            name = "set",
            description = "Gives a key that has no rows yet to a shard.",
            mixinStandardHelpOptions = true)
    void set(
            @Mixin Target target,
            @Option(
                            names = "--shard",
                            required = true,
                            paramLabel = "SHARD",
                            description = "The shard that is to have it.")
                    String shard)
            throws Refusal {
        tell(target, target.change(shard), "is on shard " + shard);
    }

    @Command(
            name = "unset",
            description = "Takes a key without rows back to the shard that the rule says.",
            mixinStandardHelpOptions = true)
    void unset(@Mixin Target target) throws Refusal {
        tell(target, target.change(null), "is where the rule has it");
    }

    private void tell(Target target, JsonNode result, String now) {
        boolean before = result.at("/results/0/outcome").asText().equals("unchanged");
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s %s%s.%n", target.text(), now, before ? ", as before" : "");
        out.flush();
    }
}
