package io.pgmosaic.router.ids;

import io.pgmosaic.protocol.topology.MachineIdGrant;
import io.pgmosaic.protocol.topology.MachineIdRequest;
import io.pgmosaic.router.log.JsonLog;
import io.pgmosaic.router.topology.Backoff;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Gets this router a machine number when a snowflake is asked for the first time, and keeps it from then on: it asks again
 * after a third of the lease, and after a pause that grows from 0.5 to 10 s while nobody grants. The next URL is tried then.
 */
public final class MachineNumberKeeper implements Ids.SnowflakeSource {
    private static final Duration LEAST_PAUSE = Duration.ofMillis(500);
    private static final Duration MOST_PAUSE = Duration.ofSeconds(10);
    private static final int HOLDER_BYTES = 18;

    private final Vertx vertx;
    private final Context context;
    private final List<URI> urls;
    private final BiFunction<URI, MachineIdRequest, Future<MachineIdGrant>> operator;
    private final MachineLease lease;
    private final LongSupplier nanos;
    private final JsonLog log;
    private final RandomGenerator random;
    private final Backoff backoff;
    private final String holder = holder();
    private final AtomicBoolean wanted = new AtomicBoolean();

    // Confined to the context above.
    private int next;
    private String lastFailure = "";

    /**
     * @param urls of operators, asked in turn
     * @param operator asks one
     * @param nanos the monotonic clock
     */
    public MachineNumberKeeper(
            Vertx vertx,
            List<URI> urls,
            BiFunction<URI, MachineIdRequest, Future<MachineIdGrant>> operator,
            JsonLog log,
            Clock clock,
            LongSupplier nanos,
            RandomGenerator random) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.urls = List.copyOf(urls);
        this.operator = operator;
        this.lease = new MachineLease(clock, nanos);
        this.nanos = nanos;
        this.log = log;
        this.random = random;
        this.backoff = new Backoff(LEAST_PAUSE, MOST_PAUSE, random);
        this.next = random.nextInt(urls.size());
    }

    @Override
    public Draw draw(int count) {
        if (!wanted.get() && wanted.compareAndSet(false, true)) {
            context.runOnContext(nothing -> ask());
        }
        return lease.draw(count);
    }

    /** The number that may be used now; NaN when there is none. */
    public double machineId() {
        Integer id = lease.machineId();
        return id == null || lease.leftMillis() == 0 ? Double.NaN : id;
    }

    /** How long it may be used; 0 when there is none. */
    public double leftSeconds() {
        return lease.leftMillis() / 1_000.0;
    }

    private void ask() {
        URI url = urls.get(next);
        long askedAt = nanos.getAsLong();
        operator.apply(url, new MachineIdRequest(holder, lease.machineId()))
                .map(grant -> {
                    lease.granted(grant, askedAt);
                    return grant;
                })
                .onSuccess(grant -> {
                    backoff.reset();
                    lastFailure = "";
                    again(grant.leaseMillis() / 3);
                })
                .onFailure(cause -> {
                    String reason = String.valueOf(cause.getMessage());
                    lease.refused(reason);
                    if (!reason.equals(lastFailure)) {
                        log.warn(
                                "no machine number from the operator; still trying",
                                Map.of("url", url, "cause", reason));
                        lastFailure = reason;
                    }
                    next = (next + 1) % urls.size();
                    again(backoff.next().toMillis());
                });
    }

    /** Spread by a tenth, so that routers that started together do not stay in step. */
    private void again(long millis) {
        long spread = millis / 10;
        vertx.setTimer(Math.max(LEAST_PAUSE.toMillis(), millis - random.nextLong(spread + 1)), timer -> ask());
    }

    private static String holder() {
        byte[] bytes = new byte[HOLDER_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
