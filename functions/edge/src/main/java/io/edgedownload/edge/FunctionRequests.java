package io.edgedownload.edge;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bodies of the JSON functions, as they are sent. Which fields must be there is for the functions to see. */
public interface FunctionRequests {
    /** {@code POST /publish} */
    @RegisterForReflection
    record Publish(
            @Nullable String id,
            @Nullable List<@Nullable String> sources,
            @Nullable S3 s3,
            @Nullable Long chunkSize,
            @Nullable Boolean digest) {}

    /** Where the object lies in S3. */
    @RegisterForReflection
    record S3(@Nullable String bucket, @Nullable String key) {}

    /** {@code POST /resolve} */
    @RegisterForReflection
    record Resolve(
            @Nullable String id,
            @Nullable Long first,
            @Nullable Long last,
            @Nullable Long chunkSize) {}

    /** {@code POST /warm} */
    @RegisterForReflection
    record Warm(
            @Nullable String id,
            @Nullable Long first,
            @Nullable Long last) {}

    /** {@code POST /evict} */
    @RegisterForReflection
    record Evict(@Nullable String id) {}

    /** {@code POST /limit}; what is missing stays as it is. */
    @RegisterForReflection
    record Limit(
            @Nullable Integer perOrigin,
            @Nullable Integer total,
            @Nullable Integer waiting,
            @Nullable Double tenantShare,
            @Nullable Integer idleSeconds) {}

    /** {@code POST /presign} */
    @RegisterForReflection
    record Presign(
            @Nullable String id,
            @Nullable Long chunk,
            @Nullable Long size) {}
}
