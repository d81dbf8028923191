package io.pgmosaic.e2e.kubernetes;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives test classes the one {@link Installation} of the run, and writes down what a failed test left behind. */
final class OnKubernetes implements ParameterResolver, AfterTestExecutionCallback {
    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Installation.class;
    }

    @Override
    public Installation resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return installation(context);
    }

    /** Closed at the end of the run, as the store does with what it holds. */
    private static Installation installation(ExtensionContext context) {
        return context.getRoot()
                .getStore(Namespace.create(OnKubernetes.class))
                .getOrComputeIfAbsent(Installation.class, key -> Installation.make(), Installation.class);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            System.out.println("What it looked like then is in "
                    + installation(context)
                            .evidence(context.getRequiredTestMethod().getName()));
        }
    }
}
