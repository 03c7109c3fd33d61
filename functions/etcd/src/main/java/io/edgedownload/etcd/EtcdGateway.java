package io.edgedownload.etcd;

import io.smallrye.mutiny.Multi;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * etcd's JSON gateway (API reference: gRPC gateway, v3). Keys and values are in Base64 there, 64-bit numbers are strings. The token
 * goes into a field, never into the address.
 */
@Path("/v3")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public interface EtcdGateway {
    @POST
    @Path("auth/authenticate")
    CompletionStage<String> authenticate(String json);

    @POST
    @Path("lease/grant")
    CompletionStage<String> grant(@HeaderParam("Authorization") @Nullable String token, String json);

    @POST
    @Path("lease/keepalive")
    CompletionStage<String> keepAlive(@HeaderParam("Authorization") @Nullable String token, String json);

    @POST
    @Path("kv/put")
    CompletionStage<String> put(@HeaderParam("Authorization") @Nullable String token, String json);

    @POST
    @Path("kv/range")
    CompletionStage<String> range(@HeaderParam("Authorization") @Nullable String token, String json);

    @POST
    @Path("kv/deleterange")
    CompletionStage<String> delete(@HeaderParam("Authorization") @Nullable String token, String json);

    @POST
    @Path("kv/txn")
    CompletionStage<String> transact(@HeaderParam("Authorization") @Nullable String token, String json);

    /** @return what comes of a change, and first that it is watched; without an end */
    @POST
    @Path("watch")
    Multi<String> watch(@HeaderParam("Authorization") @Nullable String token, String json);
}
