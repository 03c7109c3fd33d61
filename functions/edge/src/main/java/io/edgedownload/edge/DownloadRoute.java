package io.edgedownload.edge;

import io.edgedownload.engine.Revalidation;
import io.edgedownload.engine.Standing;
import io.edgedownload.engine.catalog.Catalog.Lookup;
import io.edgedownload.engine.catalog.KnownManifests;
import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.request.Conditions;
import io.edgedownload.engine.request.DownloadId;
import io.edgedownload.engine.request.Target;
import io.edgedownload.engine.time.Deadline;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The function {@code download}: from a request to what it asks for and whether it may have it. */
@Singleton
final class DownloadRoute {
    static final String PATH = "/download/";

    private static final Logger LOG = Logger.getLogger(DownloadRoute.class);

    private final EdgeConfig config;
    private final Signatures signatures;
    private final Tenants tenants;
    private final Deadlines deadlines;
    private final Cors cors;
    private final RequestSpans spans;
    private final KnownManifests manifests;
    private final Revalidation revalidation;
    private final Answers answers;
    private final WaitingThreads threads;
    private final Vertx vertx;

    DownloadRoute(
            EdgeConfig config,
            Signatures signatures,
            Tenants tenants,
            Deadlines deadlines,
            Cors cors,
            RequestSpans spans,
            KnownManifests manifests,
            Revalidation revalidation,
            Answers answers,
            WaitingThreads threads,
            Vertx vertx) {
        this.config = config;
        this.signatures = signatures;
        this.tenants = tenants;
        this.deadlines = deadlines;
        this.cors = cors;
        this.spans = spans;
        this.manifests = manifests;
        this.revalidation = revalidation;
        this.answers = answers;
        this.threads = threads;
        this.vertx = vertx;
    }

    void handle(HttpServerRequest request) {
        cors.allow(request);
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            download(request);
        } else if (method.equals(HttpMethod.OPTIONS)) {
            cors.preflight(request);
        } else {
            Problems.answer(
                    request,
                    Problem.of(ProblemType.METHOD_NOT_ALLOWED, "A download is read with GET or HEAD.")
                            .with("Allow", "GET, HEAD"));
        }
    }

    private void download(HttpServerRequest request) {
        Optional<DownloadId> id = id(request);
        AnswerTrace trace = spans.describe(request, id);
        switch (DownloadQuery.parse(request, (int) config.chunk().defaultSize().asLongValue())) {
            case DownloadQuery.Malformed(String rule) ->
                Problems.answer(request, Problem.of(ProblemType.BAD_REQUEST, rule));
            case DownloadQuery.Parsed(Target target, String signature) -> admit(request, id, target, signature, trace);
        }
    }

    /** Access comes before existence: without it nobody learns which ids there are. */
    private void admit(
            HttpServerRequest request,
            Optional<DownloadId> id,
            Target target,
            @Nullable String signature,
            AnswerTrace trace) {
        Signatures.Admission admission = signatures.admit(signature, id, target);
        if (admission instanceof Signatures.Admission.Refused(Problem problem)) {
            Problems.answer(request, problem);
        } else if (id.isEmpty()) {
            Problems.answer(request, unknownId());
        } else {
            switch (deadlines.of(request.headers())) {
                case Deadlines.Given.Refused(Problem problem) -> Problems.answer(request, problem);
                case Deadlines.Given.Until(Deadline deadline) ->
                    admit(request, id.get(), target, admission, trace, deadline);
            }
        }
    }

    private void admit(
            HttpServerRequest request,
            DownloadId id,
            Target target,
            Signatures.Admission admission,
            AnswerTrace trace,
            Deadline deadline) {
        switch (tenants.of(request::getHeader, admission)) {
            case Tenants.Found.Refused(Problem problem) -> Problems.answer(request, problem);
            case Tenants.Found.Tenant(String name) ->
                find(new Invocation(request, vertx.getOrCreateContext(), id, name, trace, deadline), target, admission);
        }
    }

    /** From the path as it was sent: routes match what is left of it when dot segments are resolved, and those no id has. */
    private static Optional<DownloadId> id(HttpServerRequest request) {
        String path = request.path();
        return path == null || !path.startsWith(PATH)
                ? Optional.empty()
                : DownloadId.fromRawPath(path.substring(PATH.length()));
    }

    private void find(Invocation invocation, Target target, Signatures.Admission admission) {
        Manifest manifest = manifests.fresh(invocation.id());
        if (manifest == null) {
            find(invocation, found -> revalidated(invocation, found, target, admission));
        } else {
            revalidated(invocation, manifest, target, admission);
        }
    }

    private void find(Invocation invocation, Consumer<Manifest> found) {
        threads.execute(() -> {
            Lookup lookup = manifests.find(invocation.id(), invocation.deadline());
            invocation.onEventLoop(() -> {
                switch (lookup) {
                    case Lookup.Found(Manifest known) -> found.accept(known);
                    case Lookup.Unknown() -> invocation.fail(unknownId());
                    case Lookup.Unavailable(String reason) -> {
                        LOG.warnf("catalog unavailable: %s", reason);
                        invocation.fail(Problem.of(ProblemType.CATALOG_UNAVAILABLE, "Try again later.")
                                .with("Retry-After", "1"));
                    }
                }
            });
        });
    }

    private void revalidated(Invocation invocation, Manifest manifest, Target target, Signatures.Admission admission) {
        Standing standing = revalidation.of(manifest, invocation.deadline());
        if (standing instanceof Standing.Asking(CompletableFuture<Standing> answer)) {
            invocation.whenDone(answer, answered -> judged(invocation, manifest, answered, target, admission));
        } else {
            judged(invocation, manifest, standing, target, admission);
        }
    }

    private void judged(
            Invocation invocation,
            Manifest manifest,
            Standing standing,
            Target target,
            Signatures.Admission admission) {
        switch (standing) {
            case Standing.Current _, Standing.Stale _ -> found(invocation, manifest, target, admission);
            case Standing.Superseded _ -> find(invocation, now -> found(invocation, now, target, admission));
            case Standing.Expired(Failure failure) -> invocation.fail(Provenance.expired(failure));
            case Standing.Asking _ -> throw new AssertionError("the answer is no question");
        }
    }

    private void found(Invocation invocation, Manifest manifest, Target target, Signatures.Admission admission) {
        if (admission instanceof Signatures.Admission.Granted(String generation, String _)
                && !generation.equals(manifest.generation())) {
            invocation.failChanged(manifest);
            return;
        }
        Conditions conditions = conditions(invocation.request());
        switch (target) {
            case Target.WholeObject() -> answers.object(invocation, manifest, conditions);
            case Target.Chunk(var chunk) -> answers.chunk(invocation, manifest, chunk, conditions);
        }
    }

    private static Problem unknownId() {
        return Problem.of(
                ProblemType.UNKNOWN_ID,
                "Nothing is published under this id; an id is 1 to 200 of A-Z a-z 0-9 . _ - ~ / without empty or dot"
                        + " segments.");
    }

    private static Conditions conditions(HttpServerRequest request) {
        return new Conditions(
                joined(request, "Range"),
                joined(request, "If-Range"),
                joined(request, "If-Match"),
                joined(request, "If-None-Match"),
                joined(request, "If-Modified-Since"),
                joined(request, "If-Unmodified-Since"));
    }

    /** Several lines of one field are one list (RFC 9110 §5.3). */
    private static @Nullable String joined(HttpServerRequest request, String field) {
        String first = request.getHeader(field);
        if (first == null) {
            return null;
        }
        List<String> lines = request.headers().getAll(field);
        return lines.size() == 1 ? first : String.join(", ", lines);
    }
}
