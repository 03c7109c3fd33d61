package io.edgedownload.engine.cache;

import io.edgedownload.engine.request.DownloadId;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names the file of a chunk: hashes of what the chunk is, so that no id can lead out of the folder. Two chunks may have the same
 * name; what is in the file says whose it is.
 *
 * @param download a hash of the id, by which all chunks of a download are found
 * @param chunk one of id, generation, index and chunk size
 */
record ChunkName(long download, long chunk) {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final Pattern FILE = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})-([0-9]{1,8})");

    /**
     * A file as its name tells it.
     *
     * @param lengthBytes of the chunk in it
     */
    record Filed(ChunkName name, int lengthBytes) {
        String file() {
            HexFormat hex = HexFormat.of();
            return hex.toHexDigits(name.download) + "-" + hex.toHexDigits(name.chunk) + "-" + lengthBytes;
        }

        /** One of 256 folders. */
        String folder() {
            return HexFormat.of().toHexDigits((byte) (name.chunk >>> 56));
        }

        static Optional<Filed> of(String file) {
            Matcher matcher = FILE.matcher(file);
            return matcher.matches()
                    ? Optional.of(new Filed(
                            new ChunkName(
                                    Long.parseUnsignedLong(matcher.group(1), 16),
                                    Long.parseUnsignedLong(matcher.group(2), 16)),
                            Integer.parseInt(matcher.group(3))))
                    : Optional.empty();
        }
    }

    static ChunkName of(ChunkKey key) {
        long download = download(key.id());
        long chunk = mixed(hash(key.generation(), download) ^ mixed(key.index()) ^ key.chunkSizeBytes());
        return new ChunkName(download, chunk);
    }

    static long download(DownloadId id) {
        return mixed(hash(id.value(), FNV_OFFSET));
    }

    /** FNV-1a, 64 bits. */
    private static long hash(String text, long seed) {
        long hash = seed;
        for (int at = 0; at < text.length(); at++) {
            hash = (hash ^ text.charAt(at)) * FNV_PRIME;
        }
        return hash;
    }

    /** MurmurHash3's finalizer: each bit of the input changes half of the result's. */
    private static long mixed(long value) {
        long mixed = (value ^ (value >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
