package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.VolumeMount;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Rewrites paths inside a container to where the volumes are on this machine. A path is recognised at the beginning of a
 * value, or after its first {@code =} ({@code --folder=/data}).
 */
final class MountPaths {
    private record Mount(String inside, String outside) {}

    private final List<Mount> mounts;

    /** @param volumes name of a volume to its folder */
    MountPaths(Container container, Map<String, Path> volumes) {
        mounts = container.getVolumeMounts().stream()
                .map(mount -> new Mount(
                        stripSlash(mount.getMountPath()),
                        outside(mount, volumes).toString()))
                .sorted(Comparator.comparingInt((Mount mount) -> mount.inside().length())
                        .reversed())
                .toList();
    }

    String rewrite(String value) {
        int equals = value.indexOf('=');
        return equals > 0 && value.startsWith("-")
                ? value.substring(0, equals + 1) + rewriteStart(value.substring(equals + 1))
                : rewriteStart(value);
    }

    private String rewriteStart(String value) {
        for (Mount mount : mounts) {
            if (value.equals(mount.inside()) || value.startsWith(mount.inside() + "/")) {
                return mount.outside() + value.substring(mount.inside().length());
            }
        }
        return value;
    }

    private static Path outside(VolumeMount mount, Map<String, Path> volumes) {
        Path folder = volumes.get(mount.getName());
        if (folder == null) {
            throw new IllegalArgumentException("no volume \"" + mount.getName() + "\" for " + mount.getMountPath());
        }
        return mount.getSubPath() == null ? folder : folder.resolve(mount.getSubPath());
    }

    private static String stripSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
