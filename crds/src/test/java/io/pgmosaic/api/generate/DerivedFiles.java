package io.pgmosaic.api.generate;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Every file that is made from the types, with its text. Run {@code main} to write them. */
public final class DerivedFiles {
    static final String HOW_TO_REGENERATE = "mvn -q -pl crds test-compile exec:java";

    private DerivedFiles() {}

    /** Text by path from the repository's root. */
    static Map<Path, String> all() {
        Map<Path, String> files = new LinkedHashMap<>();
        Definitions.yaml().forEach((name, text) -> {
            files.put(Path.of("crds/src/main/resources/META-INF/fabric8", name), text);
            files.put(Path.of("helm/pgmosaic/crds", name), text);
        });
        files.put(Path.of("docs/api-reference.md"), ApiReference.markdown(Definitions.parsed()));
        return files;
    }

    /** The nearest directory at or above the working directory that holds the module {@code crds}. */
    static Path repository() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve("crds/src"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("run this inside the repository");
            }
        }
        return directory;
    }

    /** Writes all of them into the repository around the working directory. */
    public static void main(String[] arguments) throws IOException {
        Path root = repository();
        for (Map.Entry<Path, String> file : all().entrySet()) {
            Path path = root.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue(), UTF_8);
        }
    }
}
