package io.edgedownload.contract;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands the one {@link Target} of this run to the constructors of contract classes, and closes it after the last. */
final class AgainstTarget implements ParameterResolver {

    private static final Namespace NAMESPACE = Namespace.create(AgainstTarget.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Target.class;
    }

    @Override
    public Target resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Attempt.class, _ -> Attempt.make(), Attempt.class)
                .target();
    }

    /** The start of the target, kept also when it failed: one start for all classes, not one for each row. */
    private record Attempt(Optional<Target> started, Optional<Exception> failure) implements AutoCloseable {

        static Attempt make() {
            try {
                return new Attempt(Optional.of(Target.start()), Optional.empty());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return new Attempt(Optional.empty(), Optional.of(e));
            } catch (IOException | RuntimeException e) {
                return new Attempt(Optional.empty(), Optional.of(e));
            }
        }

        Target target() {
            return started.orElseThrow(() -> new IllegalStateException("there is no target", failure.orElseThrow()));
        }

        @Override
        public void close() throws IOException {
            if (started.isPresent()) {
                started.get().close();
            }
        }
    }
}
