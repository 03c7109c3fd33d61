package io.edgedownload.engine.fallback;

import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.request.ByteRange;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.presigner.PresignedRequest;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/**
 * Presigned S3 requests (SigV4 in the query). A range is signed with them: the sender must send exactly that Range field. Each
 * use is signed anew with the credentials of the moment, which costs less than a millisecond and needs no memory of what was
 * signed when; a signature never outlives the credentials, and credentials about to expire are refused rather than used.
 */
public final class PresignedRanges implements AutoCloseable {
    /** A signature that ends sooner than this is of no use to anybody. */
    private static final Duration SHORTEST_VALIDITY = Duration.ofSeconds(5);

    private final S3Presigner presigner;
    private final AwsCredentialsProvider credentials;
    private final InstantSource clock;
    private final Duration validity;

    /** @param validity of a signature, at most 7 days; less when the credentials end before */
    public PresignedRanges(
            S3Presigner presigner, AwsCredentialsProvider credentials, InstantSource clock, Duration validity) {
        this.presigner = presigner;
        this.credentials = credentials;
        this.clock = clock;
        this.validity = validity;
    }

    /** A GET for the range. */
    public Presigning get(S3Object object, ByteRange range) {
        return get(object, range.field());
    }

    /** A GET that must be sent with just this Range field, or with any or none when it is null. */
    public Presigning get(S3Object object, @Nullable String rangeField) {
        return sign((override, lasts) -> presigner.presignGetObject(presign -> presign.signatureDuration(lasts)
                .getObjectRequest(GetObjectRequest.builder()
                        .bucket(object.bucket())
                        .key(object.key())
                        .range(rangeField)
                        .overrideConfiguration(override)
                        .build())));
    }

    /** A HEAD; a presigned GET is not valid for it. */
    public Presigning head(S3Object object) {
        return sign((override, lasts) -> presigner.presignHeadObject(presign -> presign.signatureDuration(lasts)
                .headObjectRequest(HeadObjectRequest.builder()
                        .bucket(object.bucket())
                        .key(object.key())
                        .overrideConfiguration(override)
                        .build())));
    }

    /**
     * A PUT that stores an object only in the place of the one with its entity tag, or where there is none when it has no tag. It
     * must be sent with that condition: {@code If-Match}, or {@code If-None-Match: *}.
     */
    public Presigning put(S3Object object) {
        return sign((override, lasts) -> presigner.presignPutObject(presign -> presign.signatureDuration(lasts)
                .putObjectRequest(PutObjectRequest.builder()
                        .bucket(object.bucket())
                        .key(object.key())
                        .ifNoneMatch(object.etag() == null ? "*" : null)
                        .ifMatch(object.etag())
                        .overrideConfiguration(override)
                        .build())));
    }

    @Override
    public void close() {
        presigner.close();
    }

    private interface Signature {
        PresignedRequest with(AwsRequestOverrideConfiguration override, Duration lasts);
    }

    private Presigning sign(Signature signature) {
        try {
            AwsCredentials now = credentials.resolveCredentials();
            Duration lasts = lasts(now.expirationTime());
            if (lasts.compareTo(SHORTEST_VALIDITY) < 0) {
                return new Presigning.Failed("the S3 credentials expire in " + lasts);
            }
            PresignedRequest signed = signature.with(
                    AwsRequestOverrideConfiguration.builder()
                            .credentialsProvider(StaticCredentialsProvider.create(now))
                            .build(),
                    lasts);
            return new Presigning.Presigned(signed.url().toURI(), signed.expiration());
        } catch (SdkException | CompletionException | URISyntaxException e) {
            return new Presigning.Failed("S3 requests cannot be signed: " + e.getMessage());
        }
    }

    /** To the second, for that is what a signature can say. */
    private Duration lasts(Optional<Instant> credentialsEnd) {
        Duration left = credentialsEnd
                .map(end -> Duration.between(clock.instant(), end))
                .filter(untilEnd -> untilEnd.compareTo(validity) < 0)
                .orElse(validity);
        return Duration.ofSeconds(left.toSeconds());
    }
}
