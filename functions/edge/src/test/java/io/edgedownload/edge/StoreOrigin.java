package io.edgedownload.edge;

import io.edgedownload.fixtures.FaultOrigin;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Takes the place of S3, for fields of type {@link FaultOrigin}: it looks at no signature and holds what a test puts there. */
public class StoreOrigin implements QuarkusTestResourceLifecycleManager {
    static final String BUCKET = "bucket";

    private @Nullable FaultOrigin store;

    @Override
    public Map<String, String> start() {
        try {
            store = FaultOrigin.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Map.of("edge.s3.endpoint", store.uri("").toString());
    }

    @Override
    public void inject(TestInjector injector) {
        injector.injectIntoFields(store, field -> field.getType().equals(FaultOrigin.class));
    }

    @Override
    public void stop() {
        if (store == null) {
            return;
        }
        try {
            store.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
