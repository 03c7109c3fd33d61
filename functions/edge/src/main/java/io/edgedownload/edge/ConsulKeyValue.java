package io.edgedownload.edge;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Consul's key-value store (HTTP API, KV Store). The token goes into a field, never into the address. */
@Path("/v1/kv")
public interface ConsulKeyValue {
    /** The field of an answer that says what state it is of. */
    String INDEX = "X-Consul-Index";

    /**
     * Answers when the entry is in another state than that of the index, or after the time.
     *
     * @param index 0 to be answered at once
     * @param wait such as 20s
     */
    @GET
    @Path("{key}")
    @Produces(MediaType.APPLICATION_JSON)
    CompletionStage<RestResponse<String>> watch(
            @PathParam("key") String key,
            @QueryParam("index") long index,
            @QueryParam("wait") String wait,
            @HeaderParam("X-Consul-Token") @Nullable String token);

    /** Writes whatever is there. */
    @PUT
    @Path("{key}")
    @Consumes(MediaType.TEXT_PLAIN)
    @Produces(MediaType.APPLICATION_JSON)
    CompletionStage<String> touch(
            @PathParam("key") String key, @HeaderParam("X-Consul-Token") @Nullable String token, String text);

    /** @return a JSON array of one entry, whose value is in Base64; as a stream, because it may be longer than anyone should keep */
    @GET
    @Path("{key}")
    @Produces(MediaType.APPLICATION_JSON)
    CompletionStage<InputStream> read(
            @PathParam("key") String key, @HeaderParam("X-Consul-Token") @Nullable String token);

    /**
     * @param modifyIndex of the entry to be replaced, or 0 when there must be none
     * @return {@code true}, or {@code false} when there is another entry than that
     */
    @PUT
    @Path("{key}")
    @Consumes(MediaType.TEXT_PLAIN)
    @Produces(MediaType.APPLICATION_JSON)
    CompletionStage<String> write(
            @PathParam("key") String key,
            @QueryParam("cas") long modifyIndex,
            @HeaderParam("X-Consul-Token") @Nullable String token,
            String text);
}
