package io.pgmosaic.operator.injection;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgmosaic.operator.ClusterKey;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whose router a pod asks for. */
sealed interface Wish {
    /** The label, or annotation, with which a pod asks. Only the annotation can name another namespace. */
    String KEY = "pgmosaic.io/inject";

    /** None. */
    record Nothing() implements Wish {}

    /** One that nobody can make out. */
    record Unreadable(String value) implements Wish {}

    record Router(ClusterKey cluster) implements Wish {}

    /** {@code [namespace/]cluster}, each a DNS label. */
    Pattern FORM =
            Pattern.compile("(?:([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)/)?([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)");

    /** The annotation counts when there are both. */
    static Wish of(JsonNode pod, String namespace) {
        JsonNode metadata = pod.path("metadata");
        JsonNode annotation = metadata.path("annotations").path(KEY);
        JsonNode value =
                annotation.isTextual() ? annotation : metadata.path("labels").path(KEY);
        if (!value.isTextual()) {
            return new Nothing();
        }
        Matcher form = FORM.matcher(value.asText());
        if (!form.matches()) {
            return new Unreadable(value.asText());
        }
        return new Router(new ClusterKey(form.group(1) == null ? namespace : form.group(1), form.group(2)));
    }
}
