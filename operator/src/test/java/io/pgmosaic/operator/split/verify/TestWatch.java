package io.pgmosaic.operator.split.verify;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers what it was told, and never holds anything up. */
class TestWatch implements Watch {
    final List<Progress> told = new CopyOnWriteArrayList<>();

    @Override
    public void progress(Progress progress) {
        told.add(progress);
    }

    @Override
    public Optional<String> pause() {
        return Optional.empty();
    }

    @Override
    public boolean cancelled() {
        return false;
    }
}
