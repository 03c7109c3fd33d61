package io.edgedownload.local;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

class LocalS3Test {
    private static final String SECRET = "a-secret-of-this-test";

    @TempDir
    private Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private LocalS3 s3;

    @BeforeEach
    void start() throws IOException {
        s3 = LocalS3.start(directory.resolve("s3"), 0, SECRET);
        s3.ensureObject("sample-11", Files.writeString(directory.resolve("file"), "hello world"));
    }

    @AfterEach
    void stop() {
        s3.close();
        client.close();
    }

    @Test
    void answersAPresignedRange() throws Exception {
        var response = get(presigned(SECRET, "bytes=6-10"), "bytes=6-10");

        assertEquals(206, response.statusCode());
        assertEquals("world", response.body());
        assertEquals(
                "bytes 6-10/11", response.headers().firstValue("Content-Range").orElseThrow());
    }

    @Test
    void refusesAnotherRangeThanTheSignedOne() throws Exception {
        assertEquals(403, get(presigned(SECRET, "bytes=6-10"), "bytes=0-10").statusCode());
    }

    @Test
    void refusesATamperedKey() throws Exception {
        var tampered = presigned(SECRET, "bytes=6-10").toString().replace("/sample-11?", "/sample-12?");

        assertEquals(403, get(URI.create(tampered), "bytes=6-10").statusCode());
    }

    @Test
    void refusesAnotherSecret() throws Exception {
        assertEquals(
                403, get(presigned("not-" + SECRET, "bytes=6-10"), "bytes=6-10").statusCode());
    }

    @Test
    void refusesARequestWithoutASignature() throws Exception {
        assertEquals(
                403,
                get(s3.endpoint().resolve("/downloads/sample-11"), "bytes=6-10").statusCode());
    }

    @Test
    void keepsItsObjectsAndTheirETagsOverARestart() throws Exception {
        var before = get(presigned(SECRET, "bytes=0-10"), "bytes=0-10");
        s3.close();
        s3 = LocalS3.start(directory.resolve("s3"), 0, SECRET);

        var after = get(presigned(SECRET, "bytes=0-10"), "bytes=0-10");

        assertEquals("hello world", after.body());
        assertEquals(before.headers().firstValue("ETag"), after.headers().firstValue("ETag"));
    }

    private URI presigned(String secret, String range) throws Exception {
        var credentials = AwsBasicCredentials.create(LocalS3.ACCESS_KEY_ID, secret);
        try (var presigner = S3Presigner.builder()
                .endpointOverride(s3.endpoint())
                .region(Region.of(LocalS3.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(credentials))
                .serviceConfiguration(
                        S3Configuration.builder().pathStyleAccessEnabled(true).build())
                .build()) {
            return presigner
                    .presignGetObject(presign -> presign.signatureDuration(Duration.ofMinutes(1))
                            .getObjectRequest(object -> object.bucket(LocalS3.BUCKET)
                                    .key("sample-11")
                                    .range(range)))
                    .url()
                    .toURI();
        }
    }

    private HttpResponse<String> get(URI uri, String range) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri).header("Range", range).build(), BodyHandlers.ofString());
    }
}
