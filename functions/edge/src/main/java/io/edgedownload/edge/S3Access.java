package io.edgedownload.edge;

import io.edgedownload.engine.fallback.PresignedRanges;
import java.time.InstantSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** The presigner that the settings describe. */
final class S3Access {
    private S3Access() {}

    static PresignedRanges presigned(EdgeConfig.S3 config, InstantSource clock) {
        AwsCredentialsProvider credentials = credentials(config);
        S3Presigner.Builder presigner = S3Presigner.builder()
                .region(Region.of(config.region()))
                .credentialsProvider(credentials)
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(config.pathStyle())
                        .build());
        config.endpoint().ifPresent(presigner::endpointOverride);
        return new PresignedRanges(presigner.build(), credentials, clock, config.presignValidity());
    }

    private static AwsCredentialsProvider credentials(EdgeConfig.S3 config) {
        if (config.accessKeyId().isPresent() && config.secretAccessKey().isPresent()) {
            return StaticCredentialsProvider.create(AwsBasicCredentials.create(
                    config.accessKeyId().get(), config.secretAccessKey().get()));
        }
        return DefaultCredentialsProvider.builder().build();
    }
}
