package io.edgedownload.faults;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives the tests that need no settings of their own one {@link Edge}, started once; ids keep them apart. */
final class SharedEdge implements ParameterResolver {

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext test) {
        return parameter.getParameter().getType() == Edge.class;
    }

    @Override
    public Edge resolveParameter(ParameterContext parameter, ExtensionContext test) {
        return test.getRoot()
                .getStore(Namespace.create(SharedEdge.class))
                .computeIfAbsent(Edge.class, type -> start(), Edge.class);
    }

    private static Edge start() {
        try {
            return Edge.start("shared", Map.of());
        } catch (IOException e) {
            throw new IllegalStateException("the functions did not start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the functions started", e);
        }
    }
}
