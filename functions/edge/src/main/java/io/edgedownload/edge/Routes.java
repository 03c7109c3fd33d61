package io.edgedownload.edge;

import io.quarkus.runtime.StartupEvent;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Where requests go. */
@Singleton
final class Routes {
    /** Before Quarkus' own routes: a download passes through nothing that it does not need. */
    private static final int FIRST = Integer.MIN_VALUE / 2;

    /** Behind all others: Quarkus would answer with a page for people. */
    private static final int LAST = Integer.MAX_VALUE;

    private final EdgeConfig config;
    private final DownloadRoute download;
    private final FunctionGuard guard;
    private final CommonFields common;

    Routes(EdgeConfig config, DownloadRoute download, FunctionGuard guard, CommonFields common) {
        this.config = config;
        this.download = download;
        this.guard = guard;
        this.common = common;
    }

    void start(@Observes StartupEvent start) {
        Settings.check(config);
    }

    void route(@Observes Router router) {
        router.route().order(FIRST).handler(context -> {
            PipelineEnd.watch(context.request());
            common.add(context.request());
            context.next();
        });
        if (config.functions().contains("download")) {
            router.route(DownloadRoute.PATH + "*")
                    .order(FIRST + 1)
                    .handler(context -> download.handle(context.request()))
                    .failureHandler(Problems::answerFailure);
        }
        guard.install(router);
        router.route().order(LAST).handler(context -> Problems.answer(context.request(), nothingHere()));
    }

    private static Problem nothingHere() {
        return Problem.of(
                ProblemType.UNKNOWN_PATH,
                "Downloads are under /download/, functions are called with POST by their name, health is under /q/health.");
    }
}
