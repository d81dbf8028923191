package io.pgmosaic.router.database;

import io.vertx.core.Vertx;
import io.vertx.core.net.TrustOptions;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.TrustManagerFactorySpi;
import java.security.KeyStore;
import java.security.Provider;
import java.util.function.Function;

/**
 * One trust manager, in the form that Vert.x takes. Its own {@link TrustOptions#wrap} needs a logging library that the router does
 * not bring.
 */
final class OnlyTrust implements TrustOptions {
    private final TrustManager manager;

    OnlyTrust(TrustManager manager) {
        this.manager = manager;
    }

    @Override
    public TrustOptions copy() {
        return this;
    }

    @Override
    public TrustManagerFactory getTrustManagerFactory(Vertx vertx) {
        return new Factory(manager);
    }

    /** The same for every name. */
    @Override
    public Function<String, TrustManager @Nullable []> trustManagerMapper(Vertx vertx) {
        return name -> null;
    }

    private static final class Factory extends TrustManagerFactory {
        private static final Provider PROVIDER = new Provider("PgMosaic", "1", "one trust manager") {
            private static final long serialVersionUID = 1L;
        };

        Factory(TrustManager manager) {
            super(new Only(manager), PROVIDER, "Only");
        }
    }

    private static final class Only extends TrustManagerFactorySpi {
        private final TrustManager manager;

        Only(TrustManager manager) {
            this.manager = manager;
        }

        @Override
        protected void engineInit(@Nullable KeyStore ignored) {
            // The manager knows whom it trusts.
        }

        @Override
        protected void engineInit(@Nullable ManagerFactoryParameters ignored) {
            // As above.
        }

        @Override
        protected TrustManager[] engineGetTrustManagers() {
            return new TrustManager[] {manager};
        }
    }
}
