package io.edgedownload.engine.fallback;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.edgedownload.engine.catalog.S3Object;
import io.edgedownload.engine.request.ByteRange;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

final class PresignedRangesTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
    private static final S3Object OBJECT = new S3Object("bucket", "a key", null);
    private static final ByteRange RANGE = new ByteRange(5, 9);

    private final AtomicReference<AwsCredentials> current =
            new AtomicReference<>(credentials("AKIDONE", NOW.plus(Duration.ofDays(2))));
    private final PresignedRanges presigned = new PresignedRanges(
            S3Presigner.builder()
                    .region(Region.EU_WEST_1)
                    .endpointOverride(URI.create("http://127.0.0.1:9"))
                    .credentialsProvider(current::get)
                    .serviceConfiguration(S3Configuration.builder()
                            .pathStyleAccessEnabled(true)
                            .build())
                    .build(),
            current::get,
            InstantSource.fixed(NOW),
            Duration.ofMinutes(15));

    @AfterEach
    void close() {
        presigned.close();
    }

    @Test
    void theRangeIsSigned() {
        String query = query(presigned.get(OBJECT, RANGE));
        assertTrue(query.contains("X-Amz-SignedHeaders=host%3Brange"), query);
        assertTrue(query.contains("X-Amz-Expires=900"), query);
    }

    @Test
    void noRangeIsSignedWhenNoneIsAskedFor() {
        String query = query(presigned.get(OBJECT, (String) null));
        assertTrue(query.contains("X-Amz-SignedHeaders=host&"), query);
    }

    @Test
    void lastsNoLongerThanTheCredentials() {
        current.set(credentials("AKIDONE", NOW.plus(Duration.ofMillis(90_900))));
        String query = query(presigned.get(OBJECT, RANGE));
        assertTrue(query.contains("X-Amz-Expires=90"), query);
    }

    @Test
    void refusesCredentialsThatAreAboutToExpire() {
        current.set(credentials("AKIDONE", NOW.plus(Duration.ofMillis(4_999))));
        assertInstanceOf(Presigning.Failed.class, presigned.get(OBJECT, RANGE));
        current.set(credentials("AKIDONE", NOW.minusSeconds(60)));
        assertInstanceOf(Presigning.Failed.class, presigned.head(OBJECT));
    }

    @Test
    void signsWithTheCredentialsOfTheMoment() {
        assertTrue(query(presigned.get(OBJECT, RANGE)).contains("AKIDONE"));
        current.set(credentials("AKIDTWO", NOW.plus(Duration.ofDays(2))));
        assertTrue(query(presigned.get(OBJECT, RANGE)).contains("AKIDTWO"));
    }

    @Test
    void doesNotShowItsSignatureInLogs() {
        Presigning.Presigned signed = assertInstanceOf(Presigning.Presigned.class, presigned.get(OBJECT, RANGE));
        assertFalse(signed.toString().contains("X-Amz"), signed.toString());
        assertTrue(signed.toString().contains("/bucket/a%20key"), signed.toString());
        assertEquals("127.0.0.1", signed.uri().getHost());
    }

    @Test
    void missingCredentialsAreAnOutcome() {
        PresignedRanges without = new PresignedRanges(
                S3Presigner.builder()
                        .region(Region.EU_WEST_1)
                        .credentialsProvider(current::get)
                        .build(),
                () -> {
                    throw SdkClientException.create("no credentials");
                },
                InstantSource.fixed(NOW),
                Duration.ofMinutes(15));
        assertInstanceOf(Presigning.Failed.class, without.get(OBJECT, RANGE));
        without.close();
    }

    private static String query(Presigning presigning) {
        return assertInstanceOf(Presigning.Presigned.class, presigning).uri().getRawQuery();
    }

    private static AwsCredentials credentials(String accessKeyId, Instant end) {
        return AwsSessionCredentials.builder()
                .accessKeyId(accessKeyId)
                .secretAccessKey("not a secret")
                .sessionToken("token")
                .expirationTime(end)
                .build();
    }
}
