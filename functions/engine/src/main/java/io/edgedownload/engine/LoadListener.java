package io.edgedownload.engine;

import io.edgedownload.engine.cache.Loaded.Tier;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Timings;
import io.edgedownload.engine.request.DownloadId;

/** Hears what became of each attempt to load a chunk; for metrics. Called on the thread that loads. */
public interface LoadListener {
    void delivered(Tier tier, int lengthBytes, Timings timings);

    void failed(DownloadId id, Tier tier, Failure failure);
}
