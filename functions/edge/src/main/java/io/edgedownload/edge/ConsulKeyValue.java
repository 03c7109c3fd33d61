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
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Consul's key-value store (HTTP API, KV Store). The token goes into a field, never into the address. */
@Path("/v1/kv")
public interface ConsulKeyValue {
    /** @return a JSON array of one entry, whose value is in Base64 */
    @GET
    @Path("{key}")
    @Produces(MediaType.APPLICATION_JSON)
    CompletionStage<String> read(@PathParam("key") String key, @HeaderParam("X-Consul-Token") @Nullable String token);

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
