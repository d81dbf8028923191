package io.pgmosaic.client;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** A connection whose transaction is ended by the client alone: whoever repeats work has to know what was committed. */
final class GuardedConnection implements InvocationHandler {
    private static final Set<String> NOT_FOR_WORK = Set.of("commit", "setAutoCommit", "close", "abort");

    private final Connection real;

    private GuardedConnection(Connection real) {
        this.real = real;
    }

    static Connection of(Connection real) {
        return (Connection) Proxy.newProxyInstance(
                GuardedConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new GuardedConnection(real));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        boolean wholeRollback = method.getName().equals("rollback") && arguments == null;
        if (wholeRollback || NOT_FOR_WORK.contains(method.getName())) {
            throw new SQLException(
                    method.getName()
                            + "() is not for the work of a transaction: it ends when the work does, and is rolled"
                            + " back when that throws",
                    "2D000");
        }
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
