package io.pgmosaic.e2e.scripts;

import io.pgmosaic.e2e.Checkout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

class ScriptsTest {
    private static final Pattern SOURCED = Pattern.compile("(?m)^\\. (scripts/\\S+)$");
    private static final Pattern BASE = Pattern.compile("(?m)^FROM (\\S+)");
    private static final Pattern STAGE_BY_ARGUMENT = Pattern.compile("[a-z]+-\\$\\{[A-Z]+}");
    private static final Pattern PINNED = Pattern.compile("[a-z]+:.*\\d[.\\d]\\d.*");
    private static final Pattern COPIED = Pattern.compile("(?m)^COPY (images/\\S+) ");

    static List<Path> scripts() {
        return files("scripts", "images", ".ci").filter(ScriptsTest::isShell).toList();
    }

    static List<Path> dockerfiles() {
        return files("images").filter(file -> file.endsWith("Dockerfile")).toList();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void theShellCanReadIt(Path script) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("bash", "-n", script.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(said).as("bash -n %s", script).isEmpty();
        assertThat(shell.exitValue()).isZero();
    }

    @ParameterizedTest
    @MethodSource("scripts")
    void whatItSourcesExists(Path script) {
        assertThat(groups(SOURCED, Checkout.read(script)))
                .as("sourced by %s", script)
                .allMatch(path -> Files.exists(Checkout.root().resolve(path)));
    }

    @ParameterizedTest
    @MethodSource("dockerfiles")
    void everyBaseIsPinnedAndTheUserIsANumber(Path dockerfile) {
        String text = Checkout.read(dockerfile);
        assertThat(groups(BASE, text).stream()
                        .filter(base -> !STAGE_BY_ARGUMENT.matcher(base).matches()))
                .as("bases in %s", dockerfile)
                .isNotEmpty()
                .allMatch(base -> PINNED.matcher(base).matches());
        assertThat(text).containsPattern("(?m)^USER [1-9]\\d*:[1-9]\\d*$");
    }

    @ParameterizedTest
    @MethodSource("dockerfiles")
    void whatItCopiesExists(Path dockerfile) {
        assertThat(groups(COPIED, Checkout.read(dockerfile)))
                .as("copied by %s", dockerfile)
                .allMatch(path -> Files.exists(Checkout.root().resolve(path)));
    }

    @Test
    void bothAreThere() {
        assertThat(scripts()).hasSizeGreaterThan(10);
        assertThat(dockerfiles()).hasSize(3);
    }

    private static List<String> groups(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(result -> result.group(1)).toList();
    }

    private static boolean isShell(Path file) {
        if (file.toString().endsWith(".sh")) {
            return true;
        }
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.findFirst().filter(line -> line.matches("#!.*sh")).isPresent();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> files(String... folders) {
        Path root = Checkout.root();
        return Stream.of(folders).flatMap(folder -> {
            try (Stream<Path> files = Files.walk(root.resolve(folder))) {
                return files
                        .filter(Files::isRegularFile)
                        .filter(file -> !root.relativize(file).toString().contains("target/"))
                        .sorted()
                        .toList()
                        .stream();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }
}
