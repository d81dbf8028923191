package io.pgmosaic.operator.migration.apply;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** A connection that is cut at one of the requests that it sends: before the server has it, or when only the answer is missing. */
final class CutConnection {
    private final Connection real;
    private final int at;
    private final boolean afterwards;
    private int requests;

    private CutConnection(Connection real, int at, boolean afterwards) {
        this.real = real;
        this.at = at;
        this.afterwards = afterwards;
    }

    /** @param at the request, from 1 */
    static Connection of(Connection real, int at, boolean afterwards) {
        CutConnection cut = new CutConnection(real, at, afterwards);
        return cut.wrapped(Connection.class, real);
    }

    private <T> T wrapped(Class<T> type, T target) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            boolean isRequest = method.getName().startsWith("execute")
                    || method.getName().equals("commit")
                    || method.getName().equals("rollback");
            if (isRequest) {
                requests++;
                cutWhen(!afterwards);
            }
            Object result;
            try {
                result = method.invoke(target, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
            if (isRequest) {
                cutWhen(afterwards);
            }
            if (result instanceof PreparedStatement statement) {
                return wrapped(PreparedStatement.class, statement);
            }
            return result instanceof Statement statement ? wrapped(Statement.class, statement) : result;
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private void cutWhen(boolean thisSide) throws SQLException {
        if (thisSide && requests == at) {
            real.abort(Runnable::run);
            throw new SQLException("cut at request " + at, "08006");
        }
    }
}
