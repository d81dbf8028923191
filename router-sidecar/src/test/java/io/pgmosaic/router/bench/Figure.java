package io.pgmosaic.router.bench;

import io.pgmosaic.protocol.Json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One measured number.
 *
 * @param how it was measured, with the spread
 */
record Figure(String name, double value, String unit, String how) {
    void appendTo(Path file) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(Json.write(this));
        line.write('\n');
        if (file.getParent() != null) {
            Files.createDirectories(file.getParent());
        }
        Files.write(file, line.toByteArray(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
