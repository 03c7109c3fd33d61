package io.edgedownload.local;

import io.edgedownload.local.origin.OriginMode;
import java.net.URI;

/**
 * The command lines that show a running stack at work, ready to paste into a shell.
 *
 * @param edge where the functions are
 * @param origin where the sample origin is
 * @param control the sample origin's control port
 * @param token shell expression for the admin token, such as {@code $(cat 'DIR/admin-token')}
 * @param chunk the first chunk of {@link Sample#SIXTY_FOUR_MIB}
 * @param mode how the origin behaves now
 */
record CurlLines(URI edge, URI origin, URI control, String token, EdgeClient.SignedChunk chunk, OriginMode mode) {
    String text() {
        return """

                Whole file, checked against its SHA-256:
                  %1$s

                A range (prints "world"):
                  curl -fsS -r 6-10 %2$s/download/sample-11

                A signed chunk (its SHA-256 is %3$s):
                  curl -fsS '%4$s' | sha256sum

                Publish a URL of your own (here one of the sample origin's):
                  %5$s

                Switch the sample origin off, forget what is cached and download again, now from S3:
                  curl -fsS -X POST '%6$s/-/mode?to=off'
                  %7$s
                  %1$s
                  curl -fsS -X POST '%6$s/-/mode?to=on'

                The sample origin is %8$s. It can be %9$s; its counts: curl -fsS %6$s/-/stats
                Ctrl-C stops everything.
                """.formatted(
                        wholeFile(),
                        edge,
                        chunk.sha256(),
                        chunk.url(),
                        admin("publish", "{\"id\":\"my-file\",\"sources\":[\"" + origin + "/sample-11\"]}"),
                        control,
                        admin("evict", "{\"id\":\"sample-64m\"}"),
                        mode.word(),
                        OriginMode.words());
    }

    private String wholeFile() {
        return "curl -fsS %s/download/sample-64m -o sample-64m && echo '%s  sample-64m' | sha256sum --check"
                .formatted(edge, Sample.SIXTY_FOUR_MIB.sha256());
    }

    private String admin(String function, String json) {
        return "curl -fsS -X POST %s/%s -H 'Content-Type: application/json' -H \"Authorization: Bearer %s\" -d '%s'"
                .formatted(edge, function, token, json);
    }
}
