package io.pgmosaic.e2e.documents;

import io.pgmosaic.e2e.Checkout;
import io.pgmosaic.operator.plan.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Names in the documents are names in the product. */
class DocumentsTest {
    private static final Pattern CODE = Pattern.compile("(?s)```.*?```|`[^`\n]+`");
    private static final Pattern MAKE =
            Pattern.compile("(?m)(?:^|[`|&;] ?)\\s*make ([a-z][a-z0-9-]*(?: [a-z][a-z0-9-]*)*)");
    private static final Pattern TARGET = Pattern.compile("(?m)^([a-z][a-z0-9-]*):");
    private static final Pattern MODULE_OF_COMMAND = Pattern.compile("-pl ([a-z][a-z0-9,-]*)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    static List<Path> documents() {
        return Checkout.documents();
    }

    @ParameterizedTest
    @EnumSource
    void operationsSayWhatToDoForEveryReason(Reason reason) {
        assertThat(Checkout.read("docs/operations.md").contains("`" + reason.word() + "`"))
                .as("docs/operations.md says what to do on " + reason.word())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyLinkLeadsSomewhere(Path document) {
        List<String> broken = matches(
                        LINK, CODE.matcher(Checkout.read(document)).replaceAll(""))
                .map(link -> link.group(1))
                .filter(link -> !link.contains("://") && !link.startsWith("mailto:"))
                .filter(link -> !resolves(document, link))
                .toList();
        assertThat(broken).as("broken links of %s", document).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyMakeTargetExists(Path document) {
        Set<String> targets = matches(TARGET, Checkout.read("Makefile"))
                .map(target -> target.group(1))
                .collect(Collectors.toSet());
        List<String> named = code(document)
                .flatMap(code -> matches(MAKE, code))
                .flatMap(make -> Stream.of(make.group(1).split(" ")))
                .toList();
        assertThat(targets).as("make targets that %s names", document).containsAll(named);
    }

    @ParameterizedTest
    @MethodSource("documents")
    void everyModuleOfACommandExists(Path document) {
        assertThat(code(document)
                        .flatMap(code -> matches(MODULE_OF_COMMAND, code))
                        .flatMap(modules -> Stream.of(modules.group(1).split(",")))
                        .filter(module ->
                                !Files.exists(Checkout.root().resolve(module).resolve("pom.xml"))))
                .as("modules that %s names and that do not exist", document)
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void noPathOfTheMachineItWasWrittenOn(Path document) {
        Path root = Checkout.root();
        Stream<Path> homes = Stream.of(root, root.getParent(), Path.of(System.getProperty("user.home")));
        assertThat(homes.filter(home -> home.getNameCount() > 0)
                        .filter(home -> Pattern.compile("(?<![\\w./-])" + Pattern.quote(home + "/"))
                                .matcher(Checkout.read(document))
                                .find()))
                .as("folders of this machine in %s", document)
                .isEmpty();
    }

    @Test
    void theIndexNamesEveryDocument() {
        Path docs = Checkout.root().resolve("docs");
        String index = Checkout.read("docs/README.md");
        assertThat(documents().stream()
                        .filter(document -> document.startsWith(docs) && !document.endsWith("README.md"))
                        .map(document -> docs.relativize(document).toString())
                        .filter(path -> !index.contains("](" + path + ")")))
                .as("documents that docs/README.md leaves out")
                .isEmpty();
    }

    private static boolean resolves(Path document, String link) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? document : document.resolveSibling(parts[0]);
        if (!Files.exists(target)) {
            return false;
        }
        return parts.length == 1 || headings(target).contains(parts[1]);
    }

    /** The anchors that a heading gets where Markdown is shown. */
    private static Set<String> headings(Path document) {
        return Checkout.read(document)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toSet());
    }

    private static Stream<String> code(Path document) {
        return matches(CODE, Checkout.read(document)).map(MatchResult::group);
    }

    private static Stream<MatchResult> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results();
    }
}
