package io.edgedownload.engine.cache;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The chunks that are asked for most on all instances together.
 *
 * @param chunks the hottest first, each once
 */
public record HotSet(List<HotChunk> chunks) {
    public static final HotSet EMPTY = new HotSet(List.of());

    public HotSet {
        chunks = List.copyOf(chunks);
    }

    /** Of what each instance says, at most that many: scores are added up. */
    public static HotSet merged(Collection<List<HotChunk>> said, int most) {
        Map<ChunkKey, HotChunk> sums = new HashMap<>();
        for (List<HotChunk> one : said) {
            for (HotChunk chunk : one) {
                sums.merge(
                        chunk.key(),
                        chunk,
                        (before, more) ->
                                new HotChunk(before.key(), before.lengthBytes(), before.score() + more.score()));
            }
        }
        return new HotSet(sums.values().stream()
                .sorted(Comparator.comparingDouble(HotChunk::score).reversed())
                .limit(most)
                .toList());
    }
}
