package io.pgmosaic.local.pods;

import io.fabric8.kubernetes.client.informers.ResourceEventHandler;

import java.util.function.Consumer;

/**
 * The same reaction to every change of a kind.
 *
 * @param <T> the kind
 */
record Reaction<T>(Consumer<T> reaction) implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
        reaction.accept(object);
    }

    @Override
    public void onUpdate(T before, T after) {
        reaction.accept(after);
    }

    @Override
    public void onDelete(T object, boolean stateUnknown) {
        reaction.accept(object);
    }
}
