package io.edgedownload.edge;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.Optional;

/** What the platform that runs this process lets an invocation take: on Lambda, {@code getRemainingTimeInMillis()}. */
@FunctionalInterface
public interface PlatformTime {
    /**
     * What is left now of the invocation that brought a request; empty where the platform sets no limit.
     *
     * @param fields of the request, in which Quarkus hands on what it knows of the platform's invocation
     */
    Optional<Duration> remaining(MultiMap fields);
}
