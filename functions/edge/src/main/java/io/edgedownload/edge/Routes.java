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

    private final EdgeConfig config;
    private final DownloadRoute download;
    private final FunctionGuard guard;

    Routes(EdgeConfig config, DownloadRoute download, FunctionGuard guard) {
        this.config = config;
        this.download = download;
        this.guard = guard;
    }

    void start(@Observes StartupEvent start) {
        Settings.check(config);
    }

    void route(@Observes Router router) {
        if (config.functions().contains("download")) {
            router.route(DownloadRoute.PATH + "*")
                    .order(FIRST)
                    .handler(context -> download.handle(context.request()))
                    .failureHandler(Problems::answerFailure);
        }
        guard.install(router);
    }
}
