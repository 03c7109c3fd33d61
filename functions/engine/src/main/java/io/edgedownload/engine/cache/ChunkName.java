package io.edgedownload.engine.cache;

import io.edgedownload.engine.request.DownloadId;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Names the file of a chunk: hashes of what the chunk is, so that no id can lead out of the folder. Two chunks may have the same
 * name; what is in the file says whose it is.
 *
 * @param download a hash of the id, by which all chunks of a download are found
 * @param chunk one of id, generation, index and chunk size
 */
record ChunkName(long download, long chunk) {
    private static final int HASH_CHARACTERS = 16;
    private static final int LENGTH_AT = 2 * HASH_CHARACTERS + 2;
    private static final int MAX_LENGTH_DIGITS = 8;
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
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
            int digits = file.length() - LENGTH_AT;
            if (digits < 1
                    || digits > MAX_LENGTH_DIGITS
                    || file.charAt(HASH_CHARACTERS) != '-'
                    || file.charAt(LENGTH_AT - 1) != '-') {
                return Optional.empty();
            }
            try {
                return Optional.of(new Filed(
                        new ChunkName(
                                HexFormat.fromHexDigitsToLong(file, 0, HASH_CHARACTERS),
                                HexFormat.fromHexDigitsToLong(file, HASH_CHARACTERS + 1, LENGTH_AT - 1)),
                        Integer.parseUnsignedInt(file, LENGTH_AT, file.length(), 10)));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
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
