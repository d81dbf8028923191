package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.DownwardAPIVolumeFile;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeProjection;
import io.pgmosaic.local.platform.Account;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A pod's volumes as folders. */
final class PodVolumes {
    private static final int DEFAULT_MODE = 0644;

    private final Pod pod;
    private final Path folder;
    private final References references;
    private final DownwardApi fields;
    private final Function<PersistentVolumeClaim, Path> claims;
    private final Account account;
    private final Map<String, Path> folders = new HashMap<>();
    private final Map<String, AtomicFiles> files = new HashMap<>();

    /** @param claims where a claim's data is */
    PodVolumes(
            Pod pod,
            Path folder,
            References references,
            DownwardApi fields,
            Function<PersistentVolumeClaim, Path> claims,
            Account account) {
        this.pod = pod;
        this.folder = folder;
        this.references = references;
        this.fields = fields;
        this.claims = claims;
        this.account = account;
    }

    /** The folder of each volume, once {@link #update} has succeeded. */
    synchronized Map<String, Path> folders() {
        return Map.copyOf(folders);
    }

    /** Makes the volumes, or brings the files of Secrets and ConfigMaps up to date. */
    synchronized void update() throws IOException, MissingReference {
        for (Volume volume : pod.getSpec().getVolumes()) {
            Path path = folder.resolve(volume.getName());
            if (volume.getPersistentVolumeClaim() != null) {
                if (!folders.containsKey(volume.getName())) {
                    path = claims.apply(
                            references.claim(volume.getPersistentVolumeClaim().getClaimName()));
                    folders.put(volume.getName(), path);
                }
            } else if (volume.getEmptyDir() != null) {
                if (folders.put(volume.getName(), path) == null) {
                    Files.createDirectories(path);
                    account.own(path);
                }
            } else {
                Map<String, byte[]> content = new HashMap<>();
                int mode = read(volume, content);
                files(volume.getName(), path).write(content, mode);
                folders.put(volume.getName(), path);
            }
        }
    }

    private AtomicFiles files(String name, Path path) {
        boolean groupReads = pod.getSpec().getSecurityContext() != null
                && pod.getSpec().getSecurityContext().getFsGroup() != null;
        return files.computeIfAbsent(name, volume -> new AtomicFiles(path, account, groupReads));
    }

    /** Fills in the files of a volume and returns their mode. */
    private int read(Volume volume, Map<String, byte[]> content) throws MissingReference {
        if (volume.getSecret() != null) {
            var source = volume.getSecret();
            add(content, references.secret(source.getSecretName(), source.getOptional()), source.getItems());
            return mode(source.getDefaultMode());
        }
        if (volume.getConfigMap() != null) {
            var source = volume.getConfigMap();
            add(content, references.configMap(source.getName(), source.getOptional()), source.getItems());
            return mode(source.getDefaultMode());
        }
        if (volume.getDownwardAPI() != null) {
            add(content, volume.getDownwardAPI().getItems());
            return mode(volume.getDownwardAPI().getDefaultMode());
        }
        if (volume.getProjected() != null) {
            for (VolumeProjection source : volume.getProjected().getSources()) {
                if (source.getSecret() != null) {
                    var secret = source.getSecret();
                    add(content, references.secret(secret.getName(), secret.getOptional()), secret.getItems());
                } else if (source.getConfigMap() != null) {
                    var map = source.getConfigMap();
                    add(content, references.configMap(map.getName(), map.getOptional()), map.getItems());
                } else if (source.getDownwardAPI() != null) {
                    add(content, source.getDownwardAPI().getItems());
                } else {
                    throw new MissingReference("volume \"" + volume.getName() + "\" projects an unsupported source");
                }
            }
            return mode(volume.getProjected().getDefaultMode());
        }
        throw new MissingReference("volume \"" + volume.getName() + "\" is of an unsupported type");
    }

    private static void add(Map<String, byte[]> content, Map<String, byte[]> source, List<KeyToPath> items)
            throws MissingReference {
        if (items == null || items.isEmpty()) {
            content.putAll(source);
            return;
        }
        for (KeyToPath item : items) {
            byte[] value = source.get(item.getKey());
            if (value == null) {
                throw new MissingReference("references non-existent key: " + item.getKey());
            }
            content.put(item.getPath(), value);
        }
    }

    private void add(Map<String, byte[]> content, List<DownwardAPIVolumeFile> items) throws MissingReference {
        for (DownwardAPIVolumeFile item : items) {
            if (item.getFieldRef() == null) {
                throw new MissingReference("only fields are supported in a downward API volume");
            }
            content.put(
                    item.getPath(),
                    fields.field(item.getFieldRef().getFieldPath()).getBytes(StandardCharsets.UTF_8));
        }
    }

    private static int mode(@Nullable Integer given) {
        return given == null ? DEFAULT_MODE : given;
    }
}
