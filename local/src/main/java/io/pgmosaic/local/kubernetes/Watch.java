package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * One client's view of the changes of a kind. An object that starts or stops matching the selector is shown as added or
 * deleted.
 */
final class Watch {
    private final ResourceType type;
    private final String namespace;
    private final Predicate<JsonNode> selector;
    private final UnaryOperator<JsonNode> view;
    private final boolean bookmarks;
    private final Consumer<JsonNode> sink;

    /**
     * @param namespace empty for all namespaces
     * @param view how an object is shown to this client
     * @param sink receives one watch event after another
     */
    Watch(
            ResourceType type,
            String namespace,
            Predicate<JsonNode> selector,
            UnaryOperator<JsonNode> view,
            boolean bookmarks,
            Consumer<JsonNode> sink) {
        this.type = type;
        this.namespace = namespace;
        this.selector = selector;
        this.view = view;
        this.bookmarks = bookmarks;
        this.sink = sink;
    }

    /**
     * Sends what the client has missed: the changes after {@code since}, or every object as added when it has none.
     *
     * @param since empty or {@code 0} for a client that has no list
     */
    void catchUp(ObjectStore store, String since, boolean initialEvents) {
        if (since.isEmpty() || since.equals("0") || initialEvents) {
            store.list(type, namespace).stream().filter(selector).forEach(object -> send("ADDED", object));
            if (initialEvents) {
                bookmark(store.version(), true);
            }
            return;
        }
        long from;
        try {
            from = Long.parseLong(since);
        } catch (NumberFormatException e) {
            throw ApiProblem.badRequest("invalid resource version: " + since);
        }
        store.changesAfter(from).forEach(this::onChange);
    }

    void onChange(Change change) {
        if (!change.key().group().equals(type.group())
                || !change.key().plural().equals(type.plural())
                || !(namespace.isEmpty() || change.key().namespace().equals(namespace))) {
            return;
        }
        boolean before = matches(change.before());
        boolean after = matches(change.after());
        if (before && after) {
            send("MODIFIED", change.last());
        } else if (after) {
            send("ADDED", change.last());
        } else if (before) {
            send("DELETED", change.last());
        }
    }

    /** Tells how far this watch is, so that the client can come back from there. */
    void bookmark(long version) {
        if (bookmarks) {
            bookmark(version, false);
        }
    }

    private void bookmark(long version, boolean initialEventsEnd) {
        ObjectNode object = JsonNodeFactory.instance
                .objectNode()
                .put("apiVersion", type.apiVersion())
                .put("kind", type.kind());
        ObjectNode metadata = object.putObject("metadata").put("resourceVersion", Long.toString(version));
        if (initialEventsEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        emit("BOOKMARK", object);
    }

    private boolean matches(@Nullable ObjectNode object) {
        return object != null && selector.test(object);
    }

    private void send(String action, JsonNode object) {
        emit(action, view.apply(object));
    }

    private void emit(String action, JsonNode object) {
        sink.accept(JsonNodeFactory.instance.objectNode().put("type", action).set("object", object));
    }
}
