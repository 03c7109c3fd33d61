package io.edgedownload.edge;

import io.edgedownload.engine.Download.FallbackMode;
import io.edgedownload.engine.cache.Fsync;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Every setting of the functions, one group a stage. Durations and sizes carry their units. */
@ConfigMapping(prefix = "edge")
public interface EdgeConfig {
    /** Which functions this deployment exposes; the others answer 404. */
    @WithDefault("download,resolve,publish,warm,evict,presign,limit")
    Set<String> functions();

    /** Who may download. */
    @WithDefault("signed")
    Access access();

    Admin admin();

    Signing signing();

    Tenant tenant();

    Catalog catalog();

    Sources sources();

    Revalidation revalidation();

    Degraded degraded();

    S3 s3();

    Fallback fallback();

    DeadlineBudget deadline();

    Dns dns();

    Connect connect();

    Fetch fetch();

    Breaker breaker();

    Retry retry();

    Cache cache();

    Fill fill();

    Hot hot();

    Coordinator coordinator();

    Chunk chunk();

    Client client();

    NetworkGuarding guard();

    Cors cors();

    Trace trace();

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

        /** Which events may do without it. */
        @WithDefault("token")
        Events events();
    }

    /** What an event needs so that it may warm and evict. */
    enum Events {
        /** The token, as any call does. */
        TOKEN,
        /** To have come: who can reach the functions is the network's affair. A broker sends events without fields of ours. */
        NETWORK
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

    /** Whose requests they are, for a fair share of the connections. */
    interface Tenant {
        /** The field of a request that names it, set by what stands before these functions; without it, the key id says. */
        Optional<String> header();
    }

    /** Where manifests are kept. */
    interface Catalog {
        /** One JSON file an id. */
        @WithDefault(".local/catalog")
        Path directory();

        /** How long a manifest is used without looking at the catalog again. */
        @WithDefault("1s")
        Duration freshness();

        /** Look-ups at once; more wait for the timeout at most. */
        @WithDefault("64")
        int maxLookups();

        /** The longest that one call to a shared catalog may take. */
        @WithDefault("3s")
        Duration timeout();

        /** Where it is. */
        @WithDefault("directory")
        CatalogType type();

        CatalogS3 s3();

        CatalogConsul consul();
    }

    /** Where manifests are kept. */
    enum CatalogType {
        /** In a folder of one machine. */
        DIRECTORY,
        /** In a bucket that instances share. */
        S3,
        /** In Consul's key-value store. */
        CONSUL
    }

    /** The key-value store of manifests. */
    interface CatalogConsul {
        /** Of an agent's HTTP API. */
        @WithDefault("http://127.0.0.1:8500")
        URI url();

        /** What the keys begin with. */
        @WithDefault("edge-download/")
        String prefix();

        /** An ACL token that may read and, to publish, write below the prefix. */
        Optional<String> token();
    }

    /** The bucket of manifests; its endpoint and credentials are those of the other S3 settings. */
    interface CatalogS3 {
        Optional<String> bucket();

        /** What the keys there begin with. */
        @WithDefault("catalog/")
        String prefix();
    }

    /** What publishers may name as a source. */
    interface Sources {
        /** Hosts, addresses and networks that are allowed although they are not public. */
        Optional<List<String>> allow();

        /** For how long a source is avoided after it has sent something else than was published. */
        @WithDefault("60s")
        Duration quarantine();
    }

    /** Whether sources still hold what was published (RFC 5861). */
    interface Revalidation {
        /** How long nobody is asked after the sources confirmed it. */
        @WithDefault("5m")
        Duration fresh();

        /** For how long after that it is delivered while they are asked. */
        @WithDefault("1h")
        Duration staleWhileRevalidate();

        /** And while none of them can be asked. */
        @WithDefault("168h")
        Duration staleIfError();

        /** How long a request waits for their answer when it is older than that. */
        @WithDefault("1s")
        Duration patience();

        /** For asking them, and for reading what they hold instead. */
        @WithDefault("60s")
        Duration timeout();
    }

    /** Delivering what is kept, when neither sources nor S3 can be reached. */
    interface Degraded {
        /** For how long all loads of a download must have failed. */
        @WithDefault("5s")
        Duration after();
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

        /** Whether instances store verified chunks for each other. */
        @WithDefault("false")
        boolean fill();

        /** Where they do. */
        Optional<String> fillBucket();

        /** What the keys there begin with. */
        @WithDefault("chunks/")
        String fillPrefix();

        /** Chunks that may wait to be stored; more are not. */
        @WithDefault("64M")
        MemorySize fillQueueMax();

        /** Chunks that are stored at once. */
        @WithDefault("4")
        int fillParallel();

        /** How long a load waits for a chunk that another instance may have stored. */
        @WithDefault("1s")
        Duration fillLookupTimeout();

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

        /** The least that must be left to begin an attempt at a source. */
        @WithDefault("50ms")
        Duration minimumAttempt();
    }

    /** How the names of origins are resolved. */
    interface Dns {
        /** Name servers, {@code address} or {@code address:port}, instead of those in resolv.conf. */
        Optional<List<String>> servers();

        /** Name servers of single domains, by domain; the longest that a name ends in is asked. */
        Map<String, List<String>> stubDomains();

        /** The resolver's configuration; read again when it changes. */
        @WithDefault("/etc/resolv.conf")
        Path resolvConf();

        /** Names that need no name server; read again when it changes. */
        @WithDefault("/etc/hosts")
        Path hosts();

        /** Domains to look for a name in, instead of those in resolv.conf. */
        Optional<List<String>> search();

        /** How many dots make a name be tried as it is first, 0 to 15, instead of what resolv.conf says. */
        OptionalInt ndots();

        /** The longest to wait for one name server, instead of what resolv.conf says. */
        Optional<Duration> timeout();

        /** How often each name server is asked, 1 to 5, instead of what resolv.conf says. */
        OptionalInt attempts();

        /** Whether to begin with another name server each time, instead of what resolv.conf says. */
        Optional<Boolean> rotate();

        /** For finding out about one name, whoever waits for it. */
        @WithDefault("5s")
        Duration lookupTimeout();

        /** How long an answer of one address family waits for the other. */
        @WithDefault("50ms")
        Duration resolutionDelay();

        Edns edns();

        PositiveTtl positiveTtl();

        NegativeTtl negativeTtl();

        /** How long a name is left alone after no name server could answer, at most 5s. */
        @WithDefault("5s")
        Duration failureTtl();

        Slow slow();

        Prefetch prefetch();

        Stale stale();

        Guard guard();

        DnsCache cache();

        /** Names that are looked up at once. */
        @WithDefault("256")
        int maxLookups();

        /** Queries under way, each with a socket. */
        @WithDefault("512")
        int maxQueries();

        /** What queries say of this resolver. */
        interface Edns {
            /** The largest datagram to ask for. */
            @WithDefault("1232")
            int udpSize();

            /** Whether DNSSEC signatures may come with an answer. */
            @WithDefault("true")
            boolean dnssecOk();

            /** An address in whose network these functions are, for answers that depend on it. */
            Optional<String> clientSubnet();

            /** How many bits of an IPv4 address are told. */
            @WithDefault("24")
            int clientSubnetIpv4Prefix();

            /** How many bits of an IPv6 address are told. */
            @WithDefault("56")
            int clientSubnetIpv6Prefix();
        }

        /** How long addresses hold. */
        interface PositiveTtl {
            /** At most, whatever was published. */
            @WithDefault("900s")
            Duration max();
        }

        /** How long denials hold. */
        interface NegativeTtl {
            /** At first, and at least. */
            @WithDefault("30s")
            Duration initial();

            /** More for each so many misses. */
            @WithDefault("10s")
            Duration step();

            /** Misses that make a step. */
            @WithDefault("3")
            int stepMisses();

            /** At most. */
            @WithDefault("60s")
            Duration max();
        }

        /** Answers of slow name servers. */
        interface Slow {
            /** From here on the TTL is cut. */
            @WithDefault("200ms")
            Duration above();

            /** From here on it is cut to the least. */
            @WithDefault("1s")
            Duration until();

            /** The longest TTL of an answer that was just too slow. */
            @WithDefault("300s")
            Duration ttlFrom();

            /** The longest TTL of the slowest answer. */
            @WithDefault("120s")
            Duration ttlTo();
        }

        /** Asking anew before an answer ends. */
        interface Prefetch {
            /** Uses of an answer that make it worth it. */
            @WithDefault("2")
            int hits();

            /** The last part of its life, in percent, in which it is done. */
            @WithDefault("10")
            int lastPercent();
        }

        /** Answers that have ended, used because nobody could be asked. */
        interface Stale {
            /** Since they were learned; 0 to use none. */
            @WithDefault("24h")
            Duration maxAge();

            /** How long a caller waits for a newer one first. */
            @WithDefault("1800ms")
            Duration clientWait();

            /** How long one is used before the name servers are asked again. */
            @WithDefault("30s")
            Duration ttl();
        }

        /** Floods of names that do not exist. */
        interface Guard {
            /** New names that one zone may deny at once. */
            @WithDefault("200")
            int burst();

            /** And each second from then on. */
            @WithDefault("20")
            int perSecond();
        }

        /** Answers that are kept. */
        interface DnsCache {
            /** Names. */
            @WithDefault("10000")
            int maxNames();

            /** Their memory, estimated. */
            @WithDefault("8M")
            MemorySize maxSize();
        }
    }

    /** Connections to origins. */
    interface Connect {
        /** For the name and the connection, pooled or new. */
        @WithDefault("3s")
        Duration timeout();

        /** For the TLS handshake on a new connection. */
        @WithDefault("5s")
        Duration tlsTimeout();

        /** After which the next address is tried beside one that has not answered. */
        @WithDefault("250ms")
        Duration attemptDelay();

        /** How long a connection is kept without a request. */
        @WithDefault("30s")
        Duration idleTimeout();

        /** Connections to one origin. */
        @WithDefault("50")
        int perOrigin();

        /** Connections to all origins. */
        @WithDefault("512")
        int total();

        /** Requests that may wait for a connection to one origin. */
        @WithDefault("256")
        int waiting();

        /** The part of an origin's connections, and of the places in the queue for them, that one tenant can have. */
        @WithDefault("0.5")
        double tenantShare();

        /** How long after the end of its time a connection that was not given back is taken back. */
        @WithDefault("5s")
        Duration leakGrace();

        Probe probe();

        /** After connections of an origin were drained, until others of it may be. */
        @WithDefault("30s")
        Duration drainPause();

        /** Whether addresses answer. */
        interface Probe {
            /** Between two probes of an address that is in use or demoted. */
            @WithDefault("15s")
            Duration interval();

            /** For one probe. */
            @WithDefault("800ms")
            Duration timeout();

            /** In a row, after which an address is demoted. */
            @WithDefault("2")
            int failures();
        }
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

    /** When an origin is left alone, and for how long. */
    interface Breaker {
        /** What an origin is judged by: the requests of this long. A whole number of buckets, at most 300. */
        @WithDefault("30s")
        Duration window();

        /** Between two judgements. */
        @WithDefault("1s")
        Duration bucket();

        /** Fewer requests in the window are not judged. */
        @WithDefault("20")
        int minRequests();

        /** The least share of them that has to succeed. */
        @WithDefault("90")
        int minSuccessPercent();

        /** The longest good P95 of the times until they are answered. */
        @WithDefault("800ms")
        Duration maxP95();

        /** For how long one of the two has to be missed. */
        @WithDefault("30s")
        Duration hold();

        /** For how long the origin is not asked then. */
        @WithDefault("60s")
        Duration openFor();

        /** Requests that try it afterwards; all must succeed. */
        @WithDefault("3")
        int probes();

        /** For each of them. */
        @WithDefault("10s")
        Duration probeTimeout();
    }

    /** What may be asked of an origin again. */
    interface Retry {
        /** Retries that 100 chunks allow. */
        @WithDefault("20")
        int percent();

        /** Retries that are allowed in each {@code per} besides. */
        @WithDefault("3")
        int least();

        @WithDefault("10s")
        Duration per();

        /** Whether another address is asked too when an answer has not begun by the P95 of its origin. */
        @WithDefault("false")
        boolean hedge();
    }

    /** What is asked for most on all instances together. */
    interface Hot {
        HotEtcd etcd();

        /** Chunks in the set. */
        @WithDefault("1000")
        int size();

        /** Between two times that an instance tells what is hot there. */
        @WithDefault("60s")
        Duration interval();

        /** How long what an instance told holds when it tells no more. */
        @WithDefault("5m")
        Duration lease();
    }

    /** Where the set is shared. */
    interface HotEtcd {
        /** Without it there is no set. */
        Optional<URI> url();

        @WithDefault("edge-download/hot/")
        String prefix();

        Optional<String> user();

        Optional<String> password();

        /** For one request. */
        @WithDefault("5s")
        Duration timeout();
    }

    /** Who is told how this instance is, and says what it is to do. */
    interface Coordinator {
        /** Without it nobody is. */
        Optional<URI> url();

        /** What the coordinator knows its edges by. */
        Optional<String> token();

        /** Certificates in PEM that the coordinator's one is signed by, instead of those that are trusted anyway. */
        Optional<Path> trust();

        /** Ours in PEM, shown to the coordinator. */
        Optional<Path> certificate();

        /** Its key in PEM. */
        Optional<Path> key();

        /** Where this instance runs: edges of one zone share work. */
        Optional<String> zone();

        /** Between two heartbeats. */
        @WithDefault("10s")
        Duration interval();

        /** Events that may wait for a coordinator; of more the oldest are dropped. */
        @WithDefault("1000")
        int queueMax();
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

        Ssd ssd();

        /** The tier on a local disk. */
        interface Ssd {
            /** Made when missing; without it chunks are kept in memory only. */
            Optional<Path> directory();

            /** All files together. */
            @WithDefault("10G")
            MemorySize maxSize();

            /** What is left free of the file system. */
            @WithDefault("512M")
            MemorySize minFree();

            /** What must have reached the disk before a chunk counts as written. */
            @WithDefault("never")
            Fsync fsync();

            /** Chunks that may wait to be written; more are not. */
            @WithDefault("64M")
            MemorySize queueMax();

            /** Files that are kept open, to be sent at once. */
            @WithDefault("512")
            int openFiles();

            /** Read again each second in the background, to find bad files before they are asked for; 0 for none. */
            @WithDefault("1M")
            MemorySize scrubRate();
        }
    }

    /** Chunks on their way. */
    interface Fill {
        /** Chunks of one answer that are fetched at once. */
        @WithDefault("5")
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
        /** The largest body of a download that goes through here, where a platform limits it; for more, clients are sent to S3. */
        Optional<MemorySize> answerMax();

        /** What a client must read in a second, on average over the window. */
        @WithDefault("1K")
        MemorySize readFloor();

        /** How long a client may be slower before its connection is cut. */
        @WithDefault("60s")
        Duration readWindow();
    }

    /** What an instance sends while the network is sick. */
    interface NetworkGuarding {
        /** Whether the network is looked at. */
        @WithDefault("true")
        boolean enabled();

        /** Where the system tells its counters of TCP. */
        @WithDefault("/proc/self/net/snmp")
        Path snmp();

        /** Between two looks. */
        @WithDefault("1s")
        Duration interval();

        /** Established connections beyond which there are too many. */
        @WithDefault("5000")
        long establishedMax();

        /** Of the sent segments, beyond which too many are retransmitted. */
        @WithDefault("8")
        double retransmitPercent();

        /** How many must be sent in the window, so that the share is judged at all. */
        @WithDefault("1000")
        long segmentsMin();

        /** Over which segments are counted. */
        @WithDefault("10s")
        Duration window();

        /** What is sent in a second then. */
        @WithDefault("200000000")
        MemorySize egressMax();

        /** Of a threshold, below which it eases. */
        @WithDefault("80")
        int liftPercent();

        /** How long it must be below until the limit is lifted. */
        @WithDefault("30s")
        Duration liftAfter();
    }

    /** Browsers. */
    interface Cors {
        /** Origins whose pages may download, such as https://app.example. */
        Optional<Set<String>> origins();
    }

    /** What is exported of traces that nobody asked for. */
    interface Trace {
        /** What takes longer is; so are errors. With 0 nothing is. */
        @WithDefault("5s")
        Duration slow();
    }
}
