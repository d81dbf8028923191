package io.pgmosaic.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.router.harness.InformedRouter;
import io.pgmosaic.router.harness.RunningRouter;
import io.pgmosaic.router.harness.Topologies;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

/** Executes the examples of docs/router-api.md, and holds its tables against what the router says. */
class DocumentedExamplesTest {
    private static final Pattern EXAMPLE =
            Pattern.compile("```sh\\n(.*?)```\\n(?:```json\\n(.*?)```)?", Pattern.DOTALL);
    private static final Pattern CURL =
            Pattern.compile("curl (?:-X (POST) )?'http://127\\.0\\.0\\.1:7432([^']*)'(?: -d '([^']*)')?");
    private static final Pattern METRIC = Pattern.compile("(?m)^\\| `([a-z_]+)` \\|");

    @Test
    void everyExampleAnswersAsDocumented(@TempDir Path folder) throws IOException {
        String text = Files.readString(document());
        List<String> executed = new ArrayList<>();
        try (InformedRouter informed = InformedRouter.start(folder, Topologies.healthy())) {
            RunningRouter router = informed.router();
            Matcher example = EXAMPLE.matcher(text);
            while (example.find()) {
                for (String command : example.group(1).strip().lines().toList()) {
                    execute(router, command, example.group(2));
                    executed.add(command);
                }
            }
            assertThat(executed).hasSizeGreaterThan(10);
            String metrics = router.text("/metrics");
            METRIC.matcher(text).results().forEach(name -> assertThat(metrics).contains(name.group(1)));
        }
        for (ProblemType type : ProblemType.values()) {
            assertThat(text).contains("| " + type.status() + " | `" + type.title() + "` |");
        }
    }

    private static void execute(RunningRouter router, String command, @Nullable String expected) throws IOException {
        Matcher curl = CURL.matcher(command);
        assertThat(curl.matches()).as(command).isTrue();
        String target = curl.group(2);
        if (target.equals("/metrics")) {
            assertThat(router.text(target)).contains("# TYPE");
            return;
        }
        RunningRouter.Reply reply = curl.group(1) == null ? router.get(target) : router.post(target, curl.group(3));
        if (expected == null) {
            assertThat(reply.status()).as(command).isEqualTo(200);
        } else {
            assertThat(reply.body()).as(command).isEqualTo(Json.read(expected.getBytes(UTF_8), JsonNode.class));
        }
    }

    /** Tests run in the module's folder or in the repository's. */
    private static Path document() {
        Path inModule = Path.of("../docs/router-api.md");
        return Files.exists(inModule) ? inModule : Path.of("docs/router-api.md");
    }
}
