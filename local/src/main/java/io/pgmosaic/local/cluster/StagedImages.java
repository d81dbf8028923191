package io.pgmosaic.local.cluster;

import io.pgmosaic.local.platform.PostgresInstallation;
import io.pgmosaic.local.pods.Image;
import io.pgmosaic.local.pods.Images;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The product's images as copies of the built modules, where the pods' user can read them and a rebuild does not change
 * what runs.
 */
final class StagedImages implements Images {
    static final String OPERATOR = "pgmosaic/operator:local";
    static final String ROUTER = "pgmosaic/router:local";

    private static final Pattern INSTANCE = Pattern.compile("pgmosaic/instance:.*pg(\\d+)");

    private final Path folder;
    private final Path javaHome;

    private StagedImages(Path folder, Path javaHome) {
        this.folder = folder;
        this.javaHome = javaHome;
    }

    static StagedImages stage(Distribution distribution, Path folder, Path javaHome) {
        try {
            copy(distribution.instanceManager(), folder.resolve("instance"));
            copy(distribution.router(), folder.resolve("router"));
            copy(distribution.operator(), folder.resolve("operator/app"));
            Path bin = Files.createDirectories(folder.resolve("operator/bin"));
            try (InputStream script = StagedImages.class.getResourceAsStream("pgmosaic-operator")) {
                Path target = bin.resolve("pgmosaic-operator");
                Files.copy(Objects.requireNonNull(script), target, StandardCopyOption.REPLACE_EXISTING);
                Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot copy the built modules to " + folder, e);
        }
        return new StagedImages(folder, javaHome);
    }

    @Override
    public Optional<Image> find(String reference) {
        Map<String, String> java = Map.of("JAVA_HOME", javaHome.toString());
        if (reference.equals(OPERATOR)) {
            return Optional.of(new Image(folder.resolve("operator"), java));
        }
        if (reference.equals(ROUTER)) {
            return Optional.of(new Image(folder.resolve("router"), java));
        }
        Matcher instance = INSTANCE.matcher(reference);
        return instance.matches()
                ? PostgresInstallation.find(Integer.parseInt(instance.group(1)))
                        .map(postgres -> new Image(
                                folder.resolve("instance"),
                                Map.of(
                                        "JAVA_HOME",
                                        javaHome.toString(),
                                        "PGMOSAIC_POSTGRES_BIN",
                                        postgres.bin().toString())))
                : Optional.empty();
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> paths = Files.walk(from)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                Path target = to.resolve(from.relativize(path).toString());
                if (Files.isDirectory(path)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING);
                    String bits = Files.isExecutable(path) ? "rwxr-xr-x" : "rw-r--r--";
                    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString(bits));
                }
            }
        }
    }
}
