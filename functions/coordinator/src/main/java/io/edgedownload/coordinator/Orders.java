package io.edgedownload.coordinator;

import io.edgedownload.coordinator.Standing.Hot;
import java.util.List;
import java.util.Set;

/**
 * What one instance is to do.
 *
 * @param egressLimit bytes a second, 0 for no limit
 * @param drain whether it is to take no new requests
 * @param warm what it is to have on disk, the hottest first
 * @param probeFirst origins to try before use
 */
record Orders(long egressLimit, boolean drain, List<Hot> warm, Set<String> probeFirst) {
    static final Orders NONE = new Orders(0, false, List.of(), Set.of());

    Orders {
        warm = List.copyOf(warm);
        probeFirst = Set.copyOf(probeFirst);
    }
}
