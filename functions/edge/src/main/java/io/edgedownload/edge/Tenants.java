package io.edgedownload.edge;

import io.edgedownload.edge.Signatures.Admission;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose request it is: what the configured field says, else whose key signed it. Somebody before these functions has to set the
 * field on every request, for whoever could choose it would choose a new one each time.
 */
@Singleton
final class Tenants {
    /** As key ids are. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final Optional<String> field;

    Tenants(EdgeConfig config) {
        this.field = config.tenant().header();
    }

    /** What was found. */
    sealed interface Found {
        /** @param name empty when it is nobody's in particular, and then no share bounds it */
        record Tenant(String name) implements Found {}

        record Refused(Problem problem) implements Found {}
    }

    /** @param fields of the request, by name */
    Found of(Function<String, @Nullable String> fields, Admission admission) {
        String sent = field.isEmpty() ? null : fields.apply(field.get());
        if (sent == null) {
            return new Found.Tenant(admission instanceof Admission.Granted granted ? granted.keyId() : "");
        }
        return NAME.matcher(sent).matches()
                ? new Found.Tenant(sent)
                : new Found.Refused(Problem.of(
                        ProblemType.BAD_REQUEST, "The field " + field.get() + " must be 1 to 64 of A-Z a-z 0-9 _ -."));
    }
}
