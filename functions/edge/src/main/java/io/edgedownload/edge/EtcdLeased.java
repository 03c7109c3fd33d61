package io.edgedownload.edge;

import io.edgedownload.engine.time.Deadline;
import io.edgedownload.engine.time.Ticker;
import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.WebApplicationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Values below a prefix in etcd, of which one is ours and goes when it was not renewed in time. To be used by one thread at a time.
 * All methods block.
 */
final class EtcdLeased {
    private final EtcdGateway etcd;
    private final Settings settings;
    private final Ticker ticker;
    private @Nullable String token;
    private @Nullable String lease;

    /**
     * @param name of our value below the prefix
     * @param lease how long our value stays without being renewed, at least 2 s
     * @param user null without authentication
     * @param timeout for each call
     */
    record Settings(
            String prefix,
            String name,
            Duration lease,
            @Nullable String user,
            @Nullable String password,
            Duration timeout) {}

    EtcdLeased(EtcdGateway etcd, Settings settings, Ticker ticker) {
        this.etcd = etcd;
        this.settings = settings;
        this.ticker = ticker;
    }

    /** Stores our value, and renews its lease. */
    void put(String value) throws IOException, InterruptedException {
        authenticate();
        String held = lease;
        if (held == null || !renewed(held)) {
            held = granted();
            lease = held;
        }
        call(etcd.put(
                token,
                new JsonObject()
                        .put("key", base64(settings.prefix() + settings.name()))
                        .put("value", base64(value))
                        .put("lease", held)
                        .encode()));
    }

    /** All values, ours too. */
    List<String> values() throws IOException, InterruptedException {
        JsonObject answer = call(etcd.range(token, range().encode()));
        List<String> values = new ArrayList<>();
        JsonArray entries = answer.getJsonArray("kvs", new JsonArray());
        for (int at = 0; at < entries.size(); at++) {
            values.add(new String(
                    Base64.getDecoder().decode(entries.getJsonObject(at).getString("value", "")),
                    StandardCharsets.UTF_8));
        }
        return values;
    }

    /**
     * Watches the prefix from now on.
     *
     * @param changed called when a value was stored or is gone, and once at the beginning
     * @param ended called once, when nothing is watched any more
     */
    Cancellable watch(Runnable changed, Consumer<Throwable> ended) {
        return etcd.watch(token, new JsonObject().put("create_request", range()).encode())
                .subscribe()
                .with(_ -> changed.run(), ended, () -> ended.accept(new IOException("etcd ended the watch")));
    }

    private JsonObject range() {
        byte[] end = settings.prefix().getBytes(StandardCharsets.UTF_8);
        // The first key that does not begin with the prefix; its last character is ASCII.
        end[end.length - 1]++;
        return new JsonObject()
                .put("key", base64(settings.prefix()))
                .put("range_end", Base64.getEncoder().encodeToString(end));
    }

    private void authenticate() throws IOException, InterruptedException {
        if (settings.user() != null) {
            JsonObject who = new JsonObject().put("name", settings.user()).put("password", settings.password());
            token = call(etcd.authenticate(who.encode())).getString("token");
        }
    }

    private boolean renewed(String held) throws IOException, InterruptedException {
        JsonObject answer =
                call(etcd.keepAlive(token, new JsonObject().put("ID", held).encode()));
        // Of a lease that is gone there is no TTL.
        return Long.parseLong(answer.getJsonObject("result", new JsonObject()).getString("TTL", "0")) > 0;
    }

    private String granted() throws IOException, InterruptedException {
        String id = call(etcd.grant(
                        token,
                        new JsonObject()
                                .put("TTL", settings.lease().toSeconds())
                                .encode()))
                .getString("ID");
        return Optional.ofNullable(id).orElseThrow(() -> new IOException("etcd granted a lease without an ID"));
    }

    private JsonObject call(CompletionStage<String> stage) throws IOException, InterruptedException {
        try {
            return new JsonObject(Deadline.after(settings.timeout(), ticker).await(stage));
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + settings.timeout(), e);
        } catch (ExecutionException e) {
            throw failed(e.getCause() instanceof CompletionException wrapped ? wrapped.getCause() : e.getCause());
        } catch (RuntimeException e) {
            throw new IOException("the answer is none of etcd's: " + e.getMessage(), e);
        }
    }

    private static IOException failed(@Nullable Throwable cause) {
        if (!(cause instanceof WebApplicationException answered)) {
            return new IOException(String.valueOf(cause), cause);
        }
        int status = answered.getResponse().getStatus();
        return new IOException(
                Arrays.asList(400, 401, 403).contains(status)
                        ? "status " + status
                                + ": edge.hot.etcd.user and edge.hot.etcd.password are wrong, or the user may not use the prefix"
                        : "status " + status);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
