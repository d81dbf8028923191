package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.pgmosaic.local.platform.Account;
import io.pgmosaic.local.platform.Spawner;
import io.pgmosaic.local.platform.Spawner.Launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a pod's containers share on this machine.
 *
 * @param address the pod's own
 * @param folder where its containers begin, and their home
 * @param logs where each container has its log file
 */
record Sandbox(
        String address,
        Path folder,
        Path logs,
        Images images,
        PodVolumes volumes,
        ContainerEnvironment environment,
        Spawner spawner,
        Account account) {
    private static final String SYSTEM_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

    /**
     * The process that stands for a container, or for a command inside of it.
     *
     * @param command empty for the container's own
     */
    Launch launch(Container container, Image image, List<String> command) throws MissingReference {
        MountPaths mounts = new MountPaths(container, volumes.folders());
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("HOME", folder.toString());
        environment.put("LANG", "C.UTF-8");
        environment.put("HOSTNAME", container.getName());
        environment.putAll(image.environment());
        environment.put(
                "PATH",
                image.root().resolve("bin")
                        + Optional.ofNullable(image.environment().get("PATH"))
                                .map(path -> ":" + path)
                                .orElse("")
                        + ":" + SYSTEM_PATH);
        this.environment.resolve(container).forEach((name, value) -> environment.put(name, mounts.rewrite(value)));
        List<String> words = new ArrayList<>(command);
        if (words.isEmpty()) {
            words.addAll(container.getCommand());
            words.addAll(container.getArgs());
        }
        if (words.isEmpty()) {
            throw new IllegalArgumentException("no command specified");
        }
        words.replaceAll(word -> ContainerEnvironment.expand(mounts.rewrite(word), environment));
        words.set(0, executable(words.getFirst(), environment.getOrDefault("PATH", SYSTEM_PATH)));
        Path start = container.getWorkingDir() == null ? folder : Path.of(mounts.rewrite(container.getWorkingDir()));
        return new Launch(words, environment, start, logs.resolve(container.getName() + ".log"));
    }

    private static String executable(String program, String path) {
        if (program.contains("/")) {
            if (Files.isExecutable(Path.of(program))) {
                return program;
            }
        } else {
            for (String folder : path.split(":", -1)) {
                Path candidate = Path.of(folder, program);
                if (Files.isExecutable(candidate) && Files.isRegularFile(candidate)) {
                    return candidate.toString();
                }
            }
        }
        throw new IllegalArgumentException("exec: \"" + program + "\": executable file not found in $PATH");
    }
}
