package io.pgmosaic.client;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Statement;

/** A statement that tells how long each execution took: what the work does between its statements is not the server's. */
final class TimedStatement implements InvocationHandler {
    private final Statement real;
    private final Stopwatch stopwatch;

    private TimedStatement(Statement real, Stopwatch stopwatch) {
        this.real = real;
        this.stopwatch = stopwatch;
    }

    /** Is told of what a server was asked. */
    @FunctionalInterface
    interface Stopwatch {
        /**
         * @param began by {@link System#nanoTime}
         * @param failure with which it ended now; null for none
         */
        void ended(long began, @Nullable Throwable failure);
    }

    /** @param type {@link Statement} or what extends it */
    static Object of(Statement real, Class<?> type, Stopwatch stopwatch) {
        return Proxy.newProxyInstance(
                TimedStatement.class.getClassLoader(), new Class<?>[] {type}, new TimedStatement(real, stopwatch));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        boolean timed = method.getName().startsWith("execute");
        long began = timed ? System.nanoTime() : 0;
        try {
            Object result = method.invoke(real, arguments);
            if (timed) {
                stopwatch.ended(began, null);
            }
            return result;
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause() == null ? e : e.getCause();
            if (timed) {
                stopwatch.ended(began, thrown);
            }
            throw thrown;
        }
    }
}
