package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvFromSource;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarSource;
import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The environment of a container: what its spec says, with every source looked up and {@code $(NAME)} replaced. */
final class ContainerEnvironment {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([A-Za-z_][A-Za-z0-9_.-]*)\\)");

    private final References references;
    private final DownwardApi fields;

    ContainerEnvironment(References references, DownwardApi fields) {
        this.references = references;
        this.fields = fields;
    }

    Map<String, String> resolve(Container container) throws MissingReference {
        Map<String, String> environment = new LinkedHashMap<>();
        for (EnvFromSource source : container.getEnvFrom()) {
            addAll(environment, source);
        }
        for (EnvVar variable : container.getEnv()) {
            Optional<String> value = variable.getValueFrom() == null
                    ? Optional.of(
                            expand(Optional.ofNullable(variable.getValue()).orElse(""), environment))
                    : lookUp(variable.getValueFrom(), container);
            value.ifPresent(text -> environment.put(variable.getName(), text));
        }
        return environment;
    }

    /** Replaces {@code $(NAME)} by a variable's value; {@code $$} is a dollar, an unknown name stays as it is. */
    static String expand(String text, Map<String, String> environment) {
        return REFERENCE.matcher(text).replaceAll(match -> {
            String name = match.group(1);
            String value = name == null ? "$" : environment.getOrDefault(name, match.group());
            return Matcher.quoteReplacement(value);
        });
    }

    private void addAll(Map<String, String> environment, EnvFromSource source) throws MissingReference {
        String prefix = Optional.ofNullable(source.getPrefix()).orElse("");
        Map<String, byte[]> content;
        if (source.getSecretRef() != null) {
            content = references.secret(
                    source.getSecretRef().getName(), source.getSecretRef().getOptional());
        } else {
            content = references.configMap(
                    source.getConfigMapRef().getName(), source.getConfigMapRef().getOptional());
        }
        content.forEach((key, value) -> environment.put(prefix + key, new String(value, StandardCharsets.UTF_8)));
    }

    private Optional<String> lookUp(EnvVarSource source, Container container) throws MissingReference {
        if (source.getFieldRef() != null) {
            return Optional.of(fields.field(source.getFieldRef().getFieldPath()));
        }
        if (source.getResourceFieldRef() != null) {
            return Optional.of(fields.resource(source.getResourceFieldRef(), container));
        }
        if (source.getSecretKeyRef() != null) {
            var ref = source.getSecretKeyRef();
            return key(references.secret(ref.getName(), ref.getOptional()), ref.getKey(), ref.getOptional());
        }
        if (source.getConfigMapKeyRef() != null) {
            var ref = source.getConfigMapKeyRef();
            return key(references.configMap(ref.getName(), ref.getOptional()), ref.getKey(), ref.getOptional());
        }
        throw new MissingReference("an environment variable has an unsupported source");
    }

    private static Optional<String> key(Map<String, byte[]> content, String key, @Nullable Boolean optional)
            throws MissingReference {
        byte[] value = content.get(key);
        if (value == null && !Boolean.TRUE.equals(optional)) {
            throw new MissingReference("couldn't find key " + key);
        }
        return Optional.ofNullable(value).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }
}
