package io.pgmosaic.local.cli;

import io.pgmosaic.local.demo.Quickstart;
import io.pgmosaic.local.demo.RouterClient;
import io.pgmosaic.local.demo.StepFailed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** What somebody needs to know to play with a running cluster. */
final class Notice {
    private final Quickstart quickstart;

    Notice(Quickstart quickstart) {
        this.quickstart = quickstart;
    }

    String text() throws StepFailed, InterruptedException {
        String name = quickstart.manifest().name();
        String router = quickstart.router().base().toString();
        Path password = writePassword();
        StringBuilder text = new StringBuilder();
        text.append("Cluster ").append(name).append(" is Ready.\n\n");
        text.append("Kubernetes\n  export KUBECONFIG=")
                .append(quickstart.local().kubeconfig())
                .append("\n  kubectl get shardedclusters,pods\n\n");
        text.append("SQL, straight to the primary of each shard\n");
        List<RouterClient.Target> primaries = quickstart.router().primaries();
        for (RouterClient.Target primary : primaries) {
            text.append("  # shard ").append(primary.shard()).append('\n');
            text.append("  PGPASSWORD=$(cat ")
                    .append(password)
                    .append(") psql \"host=")
                    .append(primary.host());
            text.append(" port=").append(primary.port()).append(" dbname=").append(primary.database());
            text.append(" user=").append(quickstart.access().user()).append(" sslmode=verify-ca sslrootcert=");
            text.append(quickstart.access().authority()).append("\"\n");
        }
        text.append("\nThe router: which shard and server, for a key\n");
        for (String intent : List.of("write", "read")) {
            text.append("  curl '")
                    .append(router)
                    .append("/v1/route?table=orders&key=42&intent=")
                    .append(intent);
            text.append("'\n");
        }
        text.append("\nLogs, one folder a pod\n  ")
                .append(quickstart.local().logs())
                .append("\n\n");
        text.append("Try next\n");
        text.append("  insert a row into the shard that the router does not name, and see it refused\n");
        text.append("  kubectl delete pod ")
                .append(name)
                .append("-")
                .append(primaries.getFirst().shard());
        text.append("-2, and see it come back: kubectl get pods --watch\n");
        text.append("  kubectl patch shc ").append(name);
        text.append(" --type=merge -p '{\"spec\":{\"instancesPerShard\":2}}'\n");
        text.append("  make status, make down\n");
        return text.toString();
    }

    private Path writePassword() {
        Path file = quickstart.local().folder().resolve("app-password");
        try {
            Files.deleteIfExists(file);
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            return Files.writeString(file, quickstart.access().password());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }
}
