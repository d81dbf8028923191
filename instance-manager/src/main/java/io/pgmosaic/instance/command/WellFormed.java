package io.pgmosaic.instance.command;

import io.pgmosaic.instance.log.Excerpt;
import io.pgmosaic.instance.postgres.ConfigurationText;
import io.pgmosaic.instance.postgres.OwnedParameters;
import io.pgmosaic.protocol.instance.InstanceCommand;
import io.pgmosaic.protocol.instance.PostgresConfiguration;
import io.pgmosaic.protocol.instance.Upstream;
import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks the form of a command that came over the wire, before anything looks at its meaning. */
public final class WellFormed {
    private static final Pattern SLOT = Pattern.compile("[a-z0-9_]{1,63}");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9]([-A-Za-z0-9.]{0,251}[A-Za-z0-9])?");
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]{7,15}|[0-9a-fA-F.]*:[0-9a-fA-F:.]*");
    private static final Pattern SYSTEM = Pattern.compile("[0-9]{1,20}");
    private static final int LONGEST_VALUE = 10_000;

    private WellFormed() {}

    /** @return what is wrong, for a person; empty when nothing is */
    public static Optional<String> complaint(InstanceCommand command) {
        Optional<String> missing = missing(command, "command");
        if (missing.isPresent()) {
            return missing;
        }
        if (command.term() < 1) {
            return Optional.of("term is " + command.term() + "; terms begin at 1");
        }
        return switch (command) {
            case InstanceCommand.Bootstrap bootstrap -> configuration(bootstrap.configuration());
            case InstanceCommand.Follow follow ->
                upstream(follow)
                        .or(() -> matches("slot", follow.slot(), SLOT))
                        .or(() -> matches("systemIdentifier", follow.systemIdentifier(), SYSTEM))
                        .or(() -> configuration(follow.configuration()));
            case InstanceCommand.Resume resume ->
                matches("systemIdentifier", resume.systemIdentifier(), SYSTEM)
                        .or(() -> configuration(resume.configuration()));
            case InstanceCommand.Configure configure -> configuration(configure.configuration());
            case InstanceCommand.Promote promote ->
                matches("systemIdentifier", promote.systemIdentifier(), SYSTEM)
                        .or(() -> configuration(promote.configuration()));
            case InstanceCommand.Revoke revoke -> Optional.empty();
            case InstanceCommand.Open open -> Optional.empty();
            case InstanceCommand.Close close -> Optional.empty();
            case InstanceCommand.Stop stop -> Optional.empty();
        };
    }

    /** A component that is null although its type does not say that it may be. */
    private static Optional<String> missing(Object value, String path) {
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            String name = path + "." + component.getName();
            Object content;
            try {
                content = component.getAccessor().invoke(value);
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("cannot read " + name, e);
            }
            if (content == null && !component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
                return Optional.of(name + " is missing");
            }
            if (content instanceof Record inner) {
                Optional<String> deeper = missing(inner, name);
                if (deeper.isPresent()) {
                    return deeper;
                }
            }
        }
        return Optional.empty();
    }

    private static Optional<String> upstream(InstanceCommand.Follow follow) {
        Upstream upstream = follow.upstream();
        if (upstream.instance().equals(follow.target().instance())) {
            return Optional.of("an instance cannot follow itself");
        }
        if (upstream.port() < 1 || upstream.port() > 65535) {
            return Optional.of("upstream.port " + upstream.port() + " is no port");
        }
        return matches("upstream.host", upstream.host(), HOST)
                .or(() -> matches("upstream.address", upstream.address(), ADDRESS));
    }

    private static Optional<String> configuration(PostgresConfiguration configuration) {
        for (String slot : configuration.replicationSlots()) {
            if (!SLOT.matcher(slot).matches()) {
                return Optional.of("not a replication slot's name: '" + shortened(slot) + "'");
            }
        }
        for (Map.Entry<String, String> parameter : configuration.parameters().entrySet()) {
            String name = parameter.getKey();
            if (!ConfigurationText.isName(name)) {
                return Optional.of("not a parameter's name: '" + shortened(name) + "'");
            }
            if (OwnedParameters.contains(name)) {
                return Optional.of("parameter " + name + " belongs to the product and cannot be set");
            }
            Optional<String> value = value(name, parameter.getValue());
            if (value.isPresent()) {
                return value;
            }
        }
        return value("synchronous_standby_names", configuration.synchronousStandbyNames());
    }

    private static Optional<String> value(String name, String value) {
        if (value.indexOf('\0') >= 0) {
            return Optional.of("the value of " + name + " holds a NUL character");
        }
        return value.length() > LONGEST_VALUE
                ? Optional.of("the value of " + name + " is longer than " + LONGEST_VALUE + " characters")
                : Optional.empty();
    }

    private static Optional<String> matches(String name, String value, Pattern form) {
        return form.matcher(value).matches()
                ? Optional.empty()
                : Optional.of(name + " has a form that it cannot have: '" + shortened(value) + "'");
    }

    private static String shortened(String text) {
        return Excerpt.head(text, 80);
    }
}
