package io.edgedownload.engine;

import io.edgedownload.engine.catalog.Documents;
import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.fallback.PresignedRanges;
import io.edgedownload.engine.fallback.Presigning;
import io.edgedownload.engine.fetch.Attempt;
import io.edgedownload.engine.fetch.Document;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Fetcher;
import io.edgedownload.engine.fetch.Stored;
import io.edgedownload.engine.time.Deadline;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Documents as objects of an S3 bucket, written by conditional PUT; an entity tag is a version. */
public final class S3Documents implements Documents {
    /** Larger than a manifest of the most chunks that can be published with digests. */
    private static final int MAX_BYTES = 64 << 20;

    private final String bucket;
    private final String prefix;
    private final Fetcher fetcher;
    private final PresignedRanges presigned;

    /** @param prefix of the keys */
    public S3Documents(String bucket, String prefix, Fetcher fetcher, PresignedRanges presigned) {
        this.bucket = bucket;
        this.prefix = prefix;
        this.fetcher = fetcher;
        this.presigned = presigned;
    }

    @Override
    public Reading read(String name, @Nullable String known, Deadline deadline) {
        S3Object object = object(name, null);
        try {
            return switch (presigned.get(object, (String) null)) {
                case Presigning.Presigned(URI uri, var _) ->
                    switch (fetcher.read(uri, known, MAX_BYTES, new Attempt(Map.of()), deadline)) {
                        case Document.Read(Buffer body, String etag) -> new Reading.Read(body.toString(), etag);
                        case Document.Unchanged() -> new Reading.Unchanged();
                        case Document.Missing() -> new Reading.Missing();
                        case Document.Failed(Failure failure) -> new Reading.Failed(reason(object, failure));
                    };
                case Presigning.Failed(String reason) -> new Reading.Failed(reason);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reading.Failed("interrupted");
        }
    }

    @Override
    public Writing write(String name, String text, @Nullable String replaced, Deadline deadline) {
        S3Object object = object(name, replaced);
        Buffer body = Buffer.buffer(text);
        if (body.length() > MAX_BYTES) {
            return new Writing.Failed(place(object) + " would be larger than " + MAX_BYTES + " bytes");
        }
        try {
            return switch (presigned.put(object)) {
                case Presigning.Presigned(URI uri, var _) ->
                    switch (fetcher.store(uri, body, replaced, new Attempt(Map.of()), deadline)) {
                        case Stored.Done() -> new Writing.Written();
                        case Stored.AlreadyThere() -> new Writing.Conflict();
                        // S3 answers so when what is to be replaced was deleted.
                        case Stored.Failed(Failure failure)
                        when replaced != null && failure.kind() == Failure.Kind.MISSING -> new Writing.Conflict();
                        case Stored.Failed(Failure failure) -> new Writing.Failed(reason(object, failure));
                    };
                case Presigning.Failed(String reason) -> new Writing.Failed(reason);
            };
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Writing.Failed("interrupted");
        }
    }

    private S3Object object(String name, @Nullable String etag) {
        return new S3Object(bucket, prefix + name, etag);
    }

    private static String reason(S3Object object, Failure failure) {
        return place(object) + ": " + failure.kind() + " " + failure.detail();
    }

    private static String place(S3Object object) {
        return "s3://" + object.bucket() + "/" + object.key();
    }
}
