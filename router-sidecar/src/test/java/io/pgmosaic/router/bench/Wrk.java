package io.pgmosaic.router.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Runs wrk, the HTTP load generator, with random keys over 32 kept-alive connections. */
final class Wrk {
    static final int CONNECTIONS = 32;

    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");
    private static final String SCRIPT = """
            local targets = {}
            for i = 1, 4096 do
              targets[i] = wrk.format("GET", "/v1/route?table=orders&key=" .. (i * 7919) .. "&intent=write")
            end
            local at = 0
            request = function()
              at = at % 4096 + 1
              return targets[at]
            end
            """;

    private final Path script;

    Wrk(Path folder) throws IOException {
        script = Files.writeString(folder.resolve("keys.lua"), SCRIPT);
    }

    /** Requests a second. */
    double rate(String url, int seconds) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        "wrk", "-t1", "-c" + CONNECTIONS, "-d" + seconds + "s", "-s", script.toString(), url)
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        int exit = process.waitFor();
        Matcher rate = RATE.matcher(output);
        if (exit != 0 || !rate.find() || output.contains("Non-2xx") || output.contains("Socket errors")) {
            throw new IllegalStateException("wrk failed:\n" + output);
        }
        return Double.parseDouble(rate.group(1));
    }
}
