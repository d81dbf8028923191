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
    /** By turns a bound and a token; TOKEN stands for the token. */
    private static final String GUARANTEES = """
            local targets = {}
            local headers = { ["X-Causal-Token"] = "TOKEN" }
            for i = 1, 4096, 2 do
              local target = "/v1/route?table=orders&intent=read&key=" .. (i * 7919) .. "&consistency="
              targets[i] = wrk.format("GET", target .. "bounded&maxLagMs=86400000")
              targets[i + 1] = wrk.format("GET", target .. "causal", headers)
            end
            local at = 0
            request = function()
              at = at % 4096 + 1
              return targets[at]
            end
            """;

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

    private Wrk(Path script) {
        this.script = script;
    }

    /** Looks keys up for writes. */
    static Wrk writes(Path folder) throws IOException {
        return new Wrk(Files.writeString(folder.resolve("keys.lua"), SCRIPT));
    }

    /** Looks keys up for reads with a guarantee. */
    static Wrk guarantees(Path folder, String token) throws IOException {
        return new Wrk(Files.writeString(folder.resolve("guarantees.lua"), GUARANTEES.replace("TOKEN", token)));
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
