package io.pgmosaic.client.scatter;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A connection of which what runs can be ended from outside, as long as it is in use here. */
final class CancellableConnection implements InvocationHandler {
    /** Work has few statements open at once; older ones are done. */
    private static final int MOST_STATEMENTS = 16;

    private final Connection real;
    private final Deque<Statement> statements = new ArrayDeque<>();
    private boolean released;

    CancellableConnection(Connection real) {
        this.real = real;
    }

    /** The connection as the work sees it. */
    Connection forWork() {
        return (Connection) Proxy.newProxyInstance(
                CancellableConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, this);
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        Object result;
        try {
            result = method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
        if (result instanceof Statement statement) {
            remember(statement);
        }
        return result;
    }

    private synchronized void remember(Statement statement) {
        if (statements.size() == MOST_STATEMENTS) {
            statements.removeLast();
        }
        statements.addFirst(statement);
    }

    /** Gives it back; from now on it is somebody else's. */
    synchronized void release() throws SQLException {
        released = true;
        real.close();
    }

    /** Has the server end what runs. Blocks for as long as the server takes to listen. */
    void cancel() throws SQLException {
        for (Statement statement : running()) {
            // A driver ends what this very statement runs, and nothing when it runs nothing.
            statement.cancel();
        }
    }

    private synchronized List<Statement> running() {
        return released ? List.of() : new ArrayList<>(statements);
    }

    /** Hangs up, unless it was given back. */
    synchronized void abort() throws SQLException {
        if (!released) {
            real.abort(Runnable::run);
        }
    }
}
