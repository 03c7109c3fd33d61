package io.edgedownload.etcd;

import io.smallrye.mutiny.subscription.Cancellable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.ws.rs.WebApplicationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Values below a prefix in etcd. Ours go when their lease was not renewed in time. To be used by one thread at a time. All methods
 * but {@link #watch} block.
 */
public final class EtcdLeased {
    private static final List<Integer> NOT_LET_IN = List.of(400, 401, 403);

    private final EtcdGateway etcd;
    private final Settings settings;
    private @Nullable String token;
    private @Nullable String lease;

    /**
     * @param key what the settings begin with that say who we are, for complaints
     * @param lease how long our values stay without being renewed, at least 2 s
     * @param user null without authentication
     * @param timeout for each call
     */
    public record Settings(
            String key,
            String prefix,
            Duration lease,
            @Nullable String user,
            @Nullable String password,
            Duration timeout) {}

    public EtcdLeased(EtcdGateway etcd, Settings settings) {
        this.etcd = etcd;
        this.settings = settings;
    }

    /**
     * Renews the lease, to be done before the first value is stored and more often than the lease lasts.
     *
     * @return false when there is another lease now: what was stored before is gone, or will be
     */
    public boolean renew() throws IOException, InterruptedException {
        authenticate();
        String held = lease;
        if (held != null && renewed(held)) {
            return true;
        }
        lease = granted(settings.lease());
        return false;
    }

    /** Stores a value for as long as the lease is renewed. */
    public void put(String name, String value) throws IOException, InterruptedException {
        if (lease == null) {
            throw new IOException("there is no lease yet");
        }
        put(name, value, lease);
    }

    /** Stores a value for that long, whatever becomes of us. */
    public void put(String name, String value, Duration stays) throws IOException, InterruptedException {
        put(name, value, granted(stays));
    }

    private void put(String name, String value, String under) throws IOException, InterruptedException {
        call(etcd.put(
                token, at(name).put("value", base64(value)).put("lease", under).encode()));
    }

    /** Deletes a value, whoever stored it. */
    public void delete(String name) throws IOException, InterruptedException {
        call(etcd.delete(token, at(name).encode()));
    }

    /** Stores a last value for that long in the place of ours, unless somebody else has stored another one since. */
    public void leave(String name, String value, Duration stays) throws IOException, InterruptedException {
        JsonObject ours = at(name).put("target", "LEASE").put("result", "EQUAL").put("lease", lease);
        JsonObject last = at(name).put("value", base64(value)).put("lease", granted(stays));
        call(etcd.transact(
                token,
                new JsonObject()
                        .put("compare", JsonArray.of(ours))
                        .put("success", JsonArray.of(new JsonObject().put("request_put", last)))
                        .encode()));
    }

    /** The value, ours or another's; null when there is none. */
    public @Nullable String value(String name) throws IOException, InterruptedException {
        return entries(at(name)).get(name);
    }

    /** All values by their names, ours too. */
    public Map<String, String> values() throws IOException, InterruptedException {
        return entries(range());
    }

    private Map<String, String> entries(JsonObject range) throws IOException, InterruptedException {
        JsonObject answer = call(etcd.range(token, range.encode()));
        Map<String, String> values = new HashMap<>();
        try {
            JsonArray entries = answer.getJsonArray("kvs", new JsonArray());
            for (int at = 0; at < entries.size(); at++) {
                JsonObject entry = entries.getJsonObject(at);
                String key = text(entry.getString("key", ""));
                if (key.startsWith(settings.prefix())) {
                    values.put(key.substring(settings.prefix().length()), text(entry.getString("value", "")));
                }
            }
        } catch (RuntimeException e) {
            throw none(e);
        }
        return values;
    }

    /**
     * Watches the prefix from now on.
     *
     * @param changed called when a value was stored or is gone, and once at the beginning
     * @param ended called once, when nothing is watched any more
     */
    public Cancellable watch(Runnable changed, Consumer<Throwable> ended) {
        return etcd.watch(token, new JsonObject().put("create_request", range()).encode())
                .subscribe()
                .with(_ -> changed.run(), ended, () -> ended.accept(new IOException("etcd ended the watch")));
    }

    private JsonObject at(String name) {
        return new JsonObject().put("key", base64(settings.prefix() + name));
    }

    private JsonObject range() {
        byte[] end = settings.prefix().getBytes(StandardCharsets.UTF_8);
        // The first key that does not begin with the prefix; its last character is ASCII.
        end[end.length - 1]++;
        return at("").put("range_end", Base64.getEncoder().encodeToString(end));
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

    private String granted(Duration lasts) throws IOException, InterruptedException {
        String id = call(etcd.grant(
                        token, new JsonObject().put("TTL", lasts.toSeconds()).encode()))
                .getString("ID");
        return Optional.ofNullable(id).orElseThrow(() -> new IOException("etcd granted a lease without an ID"));
    }

    private JsonObject call(CompletionStage<String> stage) throws IOException, InterruptedException {
        try {
            return new JsonObject(
                    stage.toCompletableFuture().get(settings.timeout().toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + settings.timeout(), e);
        } catch (ExecutionException e) {
            throw failed(e.getCause() instanceof CompletionException wrapped ? wrapped.getCause() : e.getCause());
        } catch (RuntimeException e) {
            throw none(e);
        }
    }

    private static IOException none(RuntimeException e) {
        return new IOException("the answer is none of etcd's: " + e.getMessage(), e);
    }

    private IOException failed(@Nullable Throwable cause) {
        if (!(cause instanceof WebApplicationException answered)) {
            return new IOException(String.valueOf(cause), cause);
        }
        int status = answered.getResponse().getStatus();
        return new IOException(
                NOT_LET_IN.contains(status)
                        ? "status " + status + ": " + settings.key() + ".user and " + settings.key()
                                + ".password are wrong, or the user may not use the prefix"
                        : "status " + status);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }
}
