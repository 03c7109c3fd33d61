package io.edgedownload.edge;

/** Every way in which a request can end without what it asked for. */
enum ProblemType {
    BAD_REQUEST("bad-request", 400, "The request is not valid"),
    UNAUTHORIZED("unauthorized", 401, "A signature or token is needed"),
    SIGNATURE_INVALID("signature-invalid", 403, "The signature is not valid"),
    SIGNATURE_EXPIRED("signature-expired", 403, "The signature has expired"),
    SIGNATURE_UNKNOWN_KEY("signature-unknown-key", 403, "The signature's key is not known"),
    UNKNOWN_ID("unknown-id", 404, "There is no such download"),
    UNKNOWN_PATH("unknown-path", 404, "There is nothing at this path"),
    UNKNOWN_FUNCTION("unknown-function", 404, "There is no such function here"),
    OBJECT_MISSING("object-missing", 404, "The object is gone from all of its sources"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "The method is not allowed"),
    NO_STORE("no-store", 409, "The download has no S3 object"),
    SOURCES_DISAGREE("sources-disagree", 409, "The sources do not hold the same object"),
    SOURCE_UNUSABLE("source-unusable", 409, "A source cannot be used"),
    S3_UNUSABLE("s3-unusable", 409, "The S3 object cannot be used"),
    PUBLISH_CONFLICT("publish-conflict", 409, "The download was published by somebody else at the same time"),
    PRECONDITION_FAILED("precondition-failed", 412, "A precondition of the request is false"),
    GENERATION_CHANGED("generation-changed", 412, "The object has changed"),
    ANSWER_TOO_LARGE("answer-too-large", 413, "The answer would be too large"),
    CONTENT_TOO_LARGE("content-too-large", 413, "The request body is too large"),
    EXPECTATION_FAILED("expectation-failed", 417, "The expectation cannot be met"),
    RANGE_NOT_SATISFIABLE("range-not-satisfiable", 416, "The range is outside the object"),
    TENANT_SHARE("tenant-share", 429, "Too many requests of one tenant are under way"),
    INTERNAL("internal", 500, "An unforeseen error"),
    INTEGRITY("integrity", 502, "The sources deliver other bytes than were published"),
    ORIGIN_LIED("origin-lied", 502, "The sources answer otherwise than they were asked"),
    ORIGIN_ACCESS("origin-access", 502, "The sources refuse access"),
    ORIGIN_NAME("origin-name", 502, "The sources' names have no address"),
    ORIGIN_TLS("tls", 502, "No secure connection to the sources"),
    ORIGIN_ERROR("origin-error", 502, "The sources answer with errors"),
    ORIGIN_UNREACHABLE("origin-unreachable", 502, "The sources cannot be reached"),
    SOURCE_REFUSED("source-refused", 502, "The sources are at addresses that are not allowed"),
    ORIGIN_BUSY("origin-busy", 503, "The sources are busy"),
    OVERLOADED("overloaded", 503, "Too many requests are under way"),
    OUTAGE("outage", 503, "The sources are out of reach"),
    CATALOG_UNAVAILABLE("catalog-unavailable", 503, "The catalog cannot be read"),
    DEADLINE("deadline", 504, "There was not enough time");

    private final String name;
    private final int status;
    private final String title;

    ProblemType(String name, int status, String title) {
        this.name = name;
        this.status = status;
        this.title = title;
    }

    /** The reference that names it (RFC 9457 §3.1.1). */
    String uri() {
        return "/problems/" + name;
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }
}
