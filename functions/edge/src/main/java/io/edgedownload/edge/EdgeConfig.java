package io.edgedownload.edge;

import io.edgedownload.engine.Download.FallbackMode;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Every setting of the functions, one group a stage. Durations and sizes carry their units. */
@ConfigMapping(prefix = "edge")
public interface EdgeConfig {
    /** Which functions this deployment exposes; the others answer 404. */
    @WithDefault("download,resolve,publish,warm,evict,presign")
    Set<String> functions();

    /** Who may download. */
    @WithDefault("signed")
    Access access();

    Admin admin();

    Signing signing();

    Catalog catalog();

    Sources sources();

    S3 s3();

    Fallback fallback();

    DeadlineBudget deadline();

    Connect connect();

    Fetch fetch();

    Cache cache();

    Fill fill();

    Chunk chunk();

    Client client();

    Cors cors();

    /** Who may download. */
    enum Access {
        /** Whoever has a signature for it. */
        SIGNED,
        /** Anybody. */
        OPEN
    }

    /** The functions that change what is published. */
    interface Admin {
        /** The bearer token; without one they are refused to everybody. */
        Optional<String> token();
    }

    /** Signatures of downloads. */
    interface Signing {
        /** The id of the key that new signatures are made with. */
        Optional<String> active();

        /** Secrets by key id, base64url, at least 32 bytes each; all of them are accepted. */
        Map<String, String> keys();

        /** How long a signature that resolve gives out lasts. */
        @WithDefault("1h")
        Duration validity();
    }

    /** Where manifests are kept. */
    interface Catalog {
        /** One JSON file an id. */
        @WithDefault(".local/catalog")
        Path directory();

        /** How long a manifest is used without looking at the catalog again. */
        @WithDefault("1s")
        Duration freshness();
    }

    /** What publishers may name as a source. */
    interface Sources {
        /** Hosts, addresses and networks that are allowed although they are not public. */
        Optional<List<String>> allow();
    }

    /** The object store behind the origins. */
    interface S3 {
        /** Only for stores other than AWS. */
        Optional<URI> endpoint();

        /** As AWS names it. */
        @WithDefault("us-east-1")
        String region();

        /** Without it, the AWS default chain finds the credentials. */
        Optional<String> accessKeyId();

        /** Belongs to the access key id. */
        Optional<String> secretAccessKey();

        /** Whether the bucket is the first segment of the path instead of a part of the host. */
        @WithDefault("false")
        boolean pathStyle();

        /** How long a presigned request lasts, unless the credentials end before. */
        @WithDefault("15m")
        Duration presignValidity();
    }

    /** What happens when the origin fails. */
    interface Fallback {
        /** Through here, by redirect to S3, or through here while there is time. */
        @WithDefault("auto")
        FallbackMode mode();

        /** What must be left of the deadline to send a client to S3. */
        @WithDefault("500ms")
        Duration redirectMargin();
    }

    /** The time for one invocation. */
    interface DeadlineBudget {
        /** The longest; a caller may ask for less. */
        @WithDefault("300s")
        Duration total();

        /** Kept from the origin for the fallback, at most a fifth of what is left. */
        @WithDefault("5s")
        Duration reserve();
    }

    /** Connections to origins. */
    interface Connect {
        /** For the name, the connection, pooled or new, and the TLS handshake. */
        @WithDefault("3s")
        Duration timeout();

        /** How long a connection is kept without a request. */
        @WithDefault("30s")
        Duration idleTimeout();

        /** Connections to one address of an origin. */
        @WithDefault("50")
        int perAddress();

        /** Requests that may wait for one of them. */
        @WithDefault("256")
        int waiting();
    }

    /** One attempt at one source. */
    interface Fetch {
        /** For a whole attempt, to the last byte. */
        @WithDefault("10s")
        Duration attemptTimeout();

        /** What a body must bring in a second, on average over the window. */
        @WithDefault("16K")
        MemorySize progressFloor();

        /** How long a body may be slower before it is given up. */
        @WithDefault("5s")
        Duration progressWindow();
    }

    /** Chunks that are kept. */
    interface Cache {
        Memory memory();

        /** The memory tier. */
        interface Memory {
            /** Chunks in memory, outside the heap. */
            @WithDefault("256M")
            MemorySize maxSize();
        }
    }

    /** Chunks on their way. */
    interface Fill {
        /** Chunks of one answer that are fetched at once. */
        @WithDefault("4")
        int parallelChunks();

        /** All chunks that are being fetched, or held by answers after the cache dropped them. */
        @WithDefault("64M")
        MemorySize inFlightMax();

        /** How long a fetch may wait for that memory before the request is refused. */
        @WithDefault("2s")
        Duration inFlightWait();
    }

    /** How objects are cut. */
    interface Chunk {
        /** For downloads that are published without a size of their own. */
        @WithDefault("4M")
        MemorySize defaultSize();
    }

    /** The clients' side of a download. */
    interface Client {
        /** What a client must read in a second, on average over the window. */
        @WithDefault("1K")
        MemorySize readFloor();

        /** How long a client may be slower before its connection is cut. */
        @WithDefault("60s")
        Duration readWindow();
    }

    /** Browsers. */
    interface Cors {
        /** Origins whose pages may download, such as https://app.example. */
        Optional<Set<String>> origins();
    }
}
