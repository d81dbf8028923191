package io.pgmosaic.instance.harness;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.pgmosaic.instance.app.Main;
import io.pgmosaic.protocol.Json;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/** The folder that the package phase makes, made from what this test was compiled with, where any user can read it. */
final class Distribution {
    private Distribution() {}

    /** @return the launcher */
    static Path assemble(Path target) throws IOException {
        Path bin = Files.createDirectories(target.resolve("bin"));
        Path lib = Files.createDirectories(target.resolve("lib"));
        Path source = Path.of("src", "main", "dist").toAbsolutePath();
        Files.copy(source.resolve("lib/jvm.options"), lib.resolve("jvm.options"));
        Path launcher = bin.resolve("pgmosaic-instance-manager");
        Files.copy(source.resolve("bin/pgmosaic-instance-manager"), launcher);
        if (!launcher.toFile().setExecutable(true, false)) {
            throw new IOException("cannot make " + launcher + " executable");
        }
        for (Class<?> type : List.of(
                Main.class,
                Json.class,
                ObjectMapper.class,
                JsonFactory.class,
                JsonCreator.class,
                JavaTimeModule.class,
                org.jspecify.annotations.Nullable.class,
                driver())) {
            add(type, lib);
        }
        return launcher;
    }

    private static Class<?> driver() {
        try {
            return Class.forName("org.postgresql.Driver");
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(Class<?> type, Path lib) throws IOException {
        Path source;
        try {
            source = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
        if (Files.isRegularFile(source)) {
            Files.copy(source, lib.resolve(source.getFileName()));
            return;
        }
        try (OutputStream out = Files.newOutputStream(lib.resolve(type.getSimpleName() + ".jar"));
                JarOutputStream jar = new JarOutputStream(out);
                Stream<Path> files = Files.walk(source)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new ZipEntry(source.relativize(file).toString()));
                Files.copy(file, jar);
                jar.closeEntry();
            }
        }
    }
}
