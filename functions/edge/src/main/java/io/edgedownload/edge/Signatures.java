package io.edgedownload.edge;

import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.request.Scope;
import io.edgedownload.engine.request.SigningKeys;
import io.edgedownload.engine.request.Target;
import io.edgedownload.engine.request.Verification;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides who may download. */
@Singleton
final class Signatures {
    private final EdgeConfig.Access access;
    private final Optional<SigningKeys> keys;
    private final InstantSource clock;

    Signatures(EdgeConfig config, Optional<SigningKeys> keys, InstantSource clock) {
        this.access = config.access();
        this.keys = keys;
        this.clock = clock;
    }

    sealed interface Admission {
        /** Without a signature, where anybody may download. */
        record Free() implements Admission {}

        /**
         * @param generation the only one that may be delivered
         * @param keyId whose signature it is
         */
        record Granted(String generation, String keyId) implements Admission {}

        record Refused(Problem problem) implements Admission {}
    }

    /** A signature that is sent is checked, also where none is needed. */
    Admission admit(@Nullable String signature, Optional<DownloadId> id, Target target) {
        if (signature == null) {
            return access == EdgeConfig.Access.OPEN ? new Admission.Free() : new Admission.Refused(needed());
        }
        if (keys.isEmpty()) {
            return refused(ProblemType.SIGNATURE_UNKNOWN_KEY, "Ask the publisher for a new link.");
        }
        if (id.isEmpty()) {
            return refused(ProblemType.SIGNATURE_INVALID, "Ask the publisher for a new link.");
        }
        return switch (keys.get().verify(signature, id.get(), scope(target), clock.instant())) {
            case Verification.Granted granted -> new Admission.Granted(granted.generation(), granted.keyId());
            case Verification.Expired() -> refused(ProblemType.SIGNATURE_EXPIRED, "Resolve the download again.");
            case Verification.UnknownKey() ->
                refused(ProblemType.SIGNATURE_UNKNOWN_KEY, "The key was withdrawn: resolve the download again.");
            case Verification.Invalid() ->
                refused(ProblemType.SIGNATURE_INVALID, "Use the link as it was given out, to the letter.");
        };
    }

    private static Scope scope(Target target) {
        return switch (target) {
            case Target.WholeObject() -> new Scope.Whole();
            case Target.Chunk(var chunk) -> new Scope.Chunk(chunk);
        };
    }

    private static Problem needed() {
        return Problem.of(ProblemType.UNAUTHORIZED, "Downloads need a signature: add the parameter sig.")
                .with("WWW-Authenticate", "Signature realm=\"download\"");
    }

    private static Admission refused(ProblemType type, String detail) {
        return new Admission.Refused(Problem.of(type, detail));
    }
}
