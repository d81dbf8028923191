package io.pgmosaic.instance.postgres;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.instance.log.LogLines;
import io.pgmosaic.protocol.Json;
import io.pgmosaic.protocol.instance.InstanceIdentity;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

final class ServerLogReaderTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ServerLogReader reader =
            new ServerLogReader(new LogLines(out, new InstanceIdentity("shop", "orders", "u", "s0", "orders-s0-0")));

    private List<JsonNode> read(String log) throws IOException {
        reader.read(new ByteArrayInputStream(log.getBytes(StandardCharsets.UTF_8)));
        List<JsonNode> lines = new ArrayList<>();
        for (String line : out.toString(StandardCharsets.UTF_8).lines().toList()) {
            lines.add(Json.read(line.getBytes(StandardCharsets.UTF_8), JsonNode.class));
        }
        return lines;
    }

    @Test
    void oneMessageWithItsPartsIsOneLine() throws IOException {
        List<JsonNode> lines = read("""
                ~1700000000.123~77~23505~app~orders~ERROR:  duplicate key value violates unique constraint "k"
                ~1700000000.123~77~23505~app~orders~DETAIL:  Key (id)=(1) already exists.
                ~1700000000.123~77~23505~app~orders~STATEMENT:  INSERT INTO t
                \tVALUES (1)
                ~1700000001.000~12~00000~LOG:  checkpoint starting: time
                """);
        assertThat(lines).hasSize(2);
        JsonNode error = lines.getFirst();
        assertThat(error.path("ts").asText()).isEqualTo("2023-11-14T22:13:20.123Z");
        assertThat(error.path("level").asText()).isEqualTo("ERROR");
        assertThat(error.path("logger").asText()).isEqualTo("postgres");
        assertThat(error.path("message").asText()).isEqualTo("duplicate key value violates unique constraint \"k\"");
        assertThat(error.path("sqlstate").asText()).isEqualTo("23505");
        assertThat(error.path("detail").asText()).isEqualTo("Key (id)=(1) already exists.");
        assertThat(error.path("statement").asText()).isEqualTo("INSERT INTO t\nVALUES (1)");
        assertThat(error.path("user").asText()).isEqualTo("app");
        assertThat(error.path("shard").asText()).isEqualTo("s0");
        assertThat(error.path("instance").asText()).isEqualTo("orders-s0-0");
        assertThat(lines.get(1).path("level").asText()).isEqualTo("INFO");
        assertThat(lines.get(1).has("sqlstate")).isFalse();
        assertThat(reader.tail()).startsWith("ERROR: duplicate").endsWith("LOG: checkpoint starting: time");
    }

    @Test
    void partsOfAnotherProcessDoNotJoin() throws IOException {
        List<JsonNode> lines = read("""
                ~1700000000.123~77~42601~app~orders~ERROR:  syntax error
                ~1700000000.124~78~42601~app~orders~STATEMENT:  SELEC
                """);
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst().has("statement")).isFalse();
    }

    @Test
    void whatAClientSendsCannotForgeALine() throws IOException {
        List<JsonNode> lines = read("""
                ~1700000000.123~77~22012~app~orders~ERROR:  x
                \t~1700000000.123~1~00000~FATAL:  forged
                """);
        assertThat(lines).hasSize(1);
        assertThat(lines.getFirst().path("message").asText()).contains("\n~1700000000.123~1~00000~FATAL:  forged");
    }

    @Test
    void otherOutputIsPassedOnAsItIs() throws IOException {
        List<JsonNode> lines = read("postgres: could not find a \"thing\"\nlast line without end");
        assertThat(lines)
                .extracting(line -> line.path("message").asText())
                .containsExactly("postgres: could not find a \"thing\"", "last line without end");
    }

    @Test
    void whatIsKeptForTheStatusCanBeWrittenAsJson() throws IOException {
        read("~1700000000.123~77~22012~app~orders~ERROR:  x" + "\uD83D\uDE00".repeat(5000) + "\n");
        assertThat(reader.tail()).hasSizeLessThan(600);
        assertThat(Json.write(reader.tail())).isNotEmpty();
    }

    @Test
    void aClosedOutputDoesNotStopTheReading() throws IOException {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        ServerLogReader unheard =
                new ServerLogReader(new LogLines(closed, new InstanceIdentity("n", "c", "u", "s", "i")));
        InputStream log = new ByteArrayInputStream("one\ntwo\n".getBytes(StandardCharsets.UTF_8));
        unheard.read(log);
        assertThat(log.read()).isEqualTo(-1);
        assertThat(unheard.tail()).isEqualTo("one\ntwo");
    }
}
