package io.pgmosaic.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Entry point. The file {@code kubectl-pgmosaic} on the PATH makes it {@code kubectl pgmosaic}. */
@Command(
        name = "kubectl pgmosaic",
        description = "Sharded PostgreSQL on Kubernetes: what would change, and on which shards single keys are.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        subcommands = {PlanCommand.class, DirectoryCommand.class})
public final class Main implements Runnable {
    /** The client library warns of every version that is not stable yet, which ours is not. */
    private static final Logger CLIENT_LOGGER = Logger.getLogger("io.fabric8.kubernetes.client");

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Ends the process: 0 when all went well, 1 when not, 2 when the arguments make no sense. */
    public static void main(String[] arguments) {
        CLIENT_LOGGER.setLevel(Level.SEVERE);
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((failure, line, arguments) -> {
            if (!(failure instanceof Refusal)) {
                throw failure;
            }
            line.getErr().println(failure.getMessage());
            return 1;
        });
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "name a command");
    }
}
