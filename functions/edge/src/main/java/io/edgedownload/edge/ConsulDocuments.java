package io.edgedownload.edge;

import io.edgedownload.engine.catalog.Documents;
import io.edgedownload.engine.time.Deadline;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.WebApplicationException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Documents in Consul's key-value store, written by check-and-set; the ModifyIndex is a version. */
final class ConsulDocuments implements Documents {
    /** Consul's kv_max_value_size unless its operator raised it. */
    private static final int MAX_BYTES = 512 << 10;

    /** An entry as large as may be is a third more in Base64, and a little. */
    private static final int MAX_ANSWER_BYTES = 2 * MAX_BYTES;

    /** Of the entry that each writer touches; no document is called so. */
    static final String TOUCHED = ".changed";

    private final ConsulKeyValue consul;
    private final String prefix;
    private final @Nullable String token;
    private final Executor executor;

    /**
     * @param prefix of the keys
     * @param token that may read and write below the prefix; null without ACLs
     * @param executor runs each task on a thread of its own that may block
     */
    ConsulDocuments(ConsulKeyValue consul, String prefix, @Nullable String token, Executor executor) {
        this.consul = consul;
        this.prefix = prefix;
        this.token = token;
        this.executor = executor;
    }

    private sealed interface Reply {
        record Answered(String json) implements Reply {}

        record Missing() implements Reply {}

        record Failed(String reason) implements Reply {}
    }

    @Override
    public Reading read(String name, @Nullable String known, Deadline deadline) {
        String key = prefix + name;
        return switch (reply(key, consul.read(key, token).thenApplyAsync(ConsulDocuments::text, executor), deadline)) {
            case Reply.Answered(String json) -> entry(key, json, known);
            case Reply.Missing() -> new Reading.Missing();
            case Reply.Failed(String reason) -> new Reading.Failed(reason);
        };
    }

    private static String text(InputStream answer) {
        try (answer) {
            byte[] bytes = answer.readNBytes(MAX_ANSWER_BYTES + 1);
            if (bytes.length > MAX_ANSWER_BYTES) {
                throw new IOException("the answer is larger than " + MAX_ANSWER_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Reading entry(String key, String json, @Nullable String known) {
        try {
            JsonObject entry = new JsonArray(json).getJsonObject(0);
            String version = Long.toString(entry.getLong("ModifyIndex"));
            if (version.equals(known)) {
                return new Reading.Unchanged();
            }
            // An empty value is null.
            byte[] value = Base64.getDecoder().decode(entry.getString("Value", ""));
            return new Reading.Read(new String(value, StandardCharsets.UTF_8), version);
        } catch (RuntimeException e) {
            return new Reading.Failed(place(key) + ": the answer is no entry of Consul's: " + e.getMessage());
        }
    }

    @Override
    public Writing write(String name, String text, @Nullable String replaced, Deadline deadline) {
        String key = prefix + name;
        int lengthBytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (lengthBytes > MAX_BYTES) {
            return new Writing.Failed(place(key) + " would be " + lengthBytes + " bytes, more than Consul's "
                    + MAX_BYTES + ": publish with a larger chunkSize, or keep the catalog in S3");
        }
        long modifyIndex = replaced == null ? 0 : Long.parseLong(replaced);
        return switch (reply(key, consul.write(key, modifyIndex, token, text), deadline)) {
            case Reply.Answered(String json) -> {
                if (!json.strip().equals("true")) {
                    yield new Writing.Conflict();
                }
                // Nobody waits for it: without it others see the change after their freshness.
                var _ = consul.touch(prefix + TOUCHED, token, name);
                yield new Writing.Written();
            }
            case Reply.Missing() -> new Writing.Failed(place(key) + ": status 404 to a PUT");
            case Reply.Failed(String reason) -> new Writing.Failed(reason);
        };
    }

    private static Reply reply(String key, CompletionStage<String> stage, Deadline deadline) {
        try {
            return new Reply.Answered(deadline.await(stage));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Reply.Failed("interrupted");
        } catch (TimeoutException e) {
            return new Reply.Failed(place(key) + ": no answer in time");
        } catch (ExecutionException e) {
            return failed(key, e.getCause() instanceof CompletionException wrapped ? wrapped.getCause() : e.getCause());
        }
    }

    private static Reply failed(String key, @Nullable Throwable cause) {
        if (!(cause instanceof WebApplicationException answered)) {
            return new Reply.Failed(place(key) + ": " + cause);
        }
        int status = answered.getResponse().getStatus();
        return switch (status) {
            case 404 -> new Reply.Missing();
            case 401, 403 ->
                new Reply.Failed(place(key) + ": status " + status
                        + ": the token of edge.catalog.consul.token is wrong or may not use this key");
            default -> new Reply.Failed(place(key) + ": status " + status);
        };
    }

    private static String place(String key) {
        return "Consul's " + key;
    }
}
