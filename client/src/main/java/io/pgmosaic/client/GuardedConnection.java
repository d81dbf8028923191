package io.pgmosaic.client;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

/** A connection whose transaction is ended by the client alone: whoever repeats work has to know what was committed. */
final class GuardedConnection implements InvocationHandler {
    private static final Set<String> NOT_FOR_WORK = Set.of("commit", "setAutoCommit", "close", "abort");

    private final Connection real;
    private final TimedStatement.Stopwatch stopwatch;

    private GuardedConnection(Connection real, TimedStatement.Stopwatch stopwatch) {
        this.real = real;
        this.stopwatch = stopwatch;
    }

    /** @param stopwatch is told of each statement */
    static Connection of(Connection real, TimedStatement.Stopwatch stopwatch) {
        return (Connection) Proxy.newProxyInstance(
                GuardedConnection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                new GuardedConnection(real, stopwatch));
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
            Object result = method.invoke(real, arguments);
            return result instanceof Statement statement
                    ? TimedStatement.of(statement, method.getReturnType(), stopwatch)
                    : result;
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
