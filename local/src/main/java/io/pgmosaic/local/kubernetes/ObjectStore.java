package io.pgmosaic.local.kubernetes;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The objects, one growing number as their resource version, and the last changes for watches that come back.
 * Stored nodes are never changed in place: a write replaces the whole object, so a reader may keep what it got.
 */
final class ObjectStore {
    private static final int REMEMBERED_CHANGES = 4096;

    private record Stored(ResourceType type, ObjectNode object) {}

    private final Map<ObjectKey, Stored> objects = new TreeMap<>(Comparator.comparing(ObjectKey::group)
            .thenComparing(ObjectKey::plural)
            .thenComparing(ObjectKey::namespace)
            .thenComparing(ObjectKey::name));
    private final Deque<Change> changes = new ArrayDeque<>();
    private final Deque<Change> unheard = new ArrayDeque<>();
    private final List<Consumer<Change>> listeners = new ArrayList<>();
    private long version = 1;
    private long forgotten = 0;

    /** Listeners hear of every change, in order, after it is stored. They may write. */
    void listen(Consumer<Change> listener) {
        listeners.add(listener);
    }

    long version() {
        return version;
    }

    Optional<ObjectNode> find(ObjectKey key) {
        return Optional.ofNullable(objects.get(key)).map(Stored::object);
    }

    /** Every object of a kind; {@code namespace} empty means of all namespaces. */
    List<ObjectNode> list(ResourceType type, String namespace) {
        List<ObjectNode> found = new ArrayList<>();
        objects.forEach((key, stored) -> {
            if (key.group().equals(type.group())
                    && key.plural().equals(type.plural())
                    && (namespace.isEmpty() || key.namespace().equals(namespace))) {
                found.add(stored.object());
            }
        });
        return found;
    }

    void forEach(TypedVisitor visitor) {
        new ArrayList<>(objects.entrySet())
                .forEach(entry -> visitor.visit(
                        entry.getValue().type(),
                        entry.getKey(),
                        entry.getValue().object()));
    }

    /** What {@link #forEach} calls; it may write to the store. */
    @FunctionalInterface
    interface TypedVisitor {
        void visit(ResourceType type, ObjectKey key, ObjectNode object);
    }

    /** Stores {@code object} under the next resource version, which it writes into it. */
    ObjectNode put(ResourceType type, ObjectKey key, ObjectNode object) {
        Stored before = objects.get(key);
        stamp(object);
        objects.put(key, new Stored(type, object));
        publish(new Change(version, type, key, before == null ? null : before.object(), object, object));
        return object;
    }

    /** Removes what is there; nothing happens when nothing is. */
    void remove(ObjectKey key) {
        Stored before = objects.remove(key);
        if (before != null) {
            ObjectNode tombstone = before.object().deepCopy();
            stamp(tombstone);
            publish(new Change(version, before.type(), key, before.object(), null, tombstone));
        }
    }

    /**
     * The changes after {@code since}.
     *
     * @throws ApiProblem 410 when some of them are forgotten
     */
    List<Change> changesAfter(long since) {
        if (since < forgotten) {
            throw ApiProblem.expired("too old resource version: " + since + " (" + forgotten + ")");
        }
        return changes.stream()
                .filter(change -> change.resourceVersion() > since)
                .toList();
    }

    private void stamp(ObjectNode object) {
        version++;
        object.withObjectProperty("metadata").put("resourceVersion", Long.toString(version));
    }

    private void publish(Change change) {
        changes.addLast(change);
        if (changes.size() > REMEMBERED_CHANGES) {
            forgotten = changes.removeFirst().resourceVersion();
        }
        unheard.addLast(change);
        if (unheard.size() == 1) {
            tell();
        }
    }

    /** A listener's own write is told to all after the change it reacts to, so that everybody hears them in order. */
    private void tell() {
        while (!unheard.isEmpty()) {
            Change change = unheard.getFirst();
            listeners.forEach(listener -> listener.accept(change));
            unheard.removeFirst();
        }
    }
}
