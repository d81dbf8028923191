package io.pgmosaic.router.http;

import io.vertx.core.http.HttpServerResponse;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** So many requests of a kind may be under way and no more, those whose body is still coming included. */
final class Places {
    private final Semaphore free;
    private final String full;

    /** @param full what is said to whoever finds no place: what the router has */
    Places(int most, String full) {
        this.free = new Semaphore(most);
        this.full = full;
    }

    /** The place of one request. */
    final class Place {
        private final HttpServerResponse response;
        private final AtomicBoolean held = new AtomicBoolean(true);

        private Place(HttpServerResponse response) {
            this.response = response;
        }

        /** From here on work is done that goes on when the client leaves. */
        void holdUntilReleased() {
            response.endHandler(null).closeHandler(null);
        }

        void release() {
            if (held.getAndSet(false)) {
                free.release();
            }
        }
    }

    /**
     * Takes a place, which is given back when the request is over: also when the client goes away in the middle of its body.
     *
     * @throws ProblemException when there is none
     */
    Place take(HttpServerResponse response) throws ProblemException {
        if (!free.tryAcquire()) {
            throw new ProblemException(OverloadProblem.busy(full));
        }
        Place place = new Place(response);
        response.endHandler(ended -> place.release()).closeHandler(closed -> place.release());
        return place;
    }
}
