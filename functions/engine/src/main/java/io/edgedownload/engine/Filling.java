package io.edgedownload.engine;

import io.edgedownload.engine.catalog.Manifest;
import io.edgedownload.engine.connect.Holder;
import io.edgedownload.engine.connect.Origin;
import io.edgedownload.engine.fetch.Failure;
import io.edgedownload.engine.fetch.Failure.Kind;
import io.edgedownload.engine.request.ByteRange;
import io.edgedownload.engine.time.Deadline;
import io.netty.buffer.ByteBuf;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A chunk while it is loaded: which one it is, what was tried, and the bytes that an answer left behind when it broke off, so
 * that the next one need only bring the rest. It lives through all rounds and tiers of one load, on one thread.
 */
public final class Filling implements AutoCloseable {
    private final Manifest manifest;
    private final long index;
    private final String tenant;
    private final Set<Origin> asked = new HashSet<>();
    private @Nullable ByteBuf part;
    private @Nullable Failure failure;
    private boolean contradicted;
    private @Nullable Deadline forSources;

    /**
     * @param index of the chunk, counted from 0
     * @param tenant who it is loaded for, empty when that is nobody in particular
     */
    public Filling(Manifest manifest, long index, String tenant) {
        this.manifest = manifest;
        this.index = index;
        this.tenant = tenant;
    }

    public Manifest manifest() {
        return manifest;
    }

    public long index() {
        return index;
    }

    /** What the sources may take of the deadline, in all rounds together: the reserve is taken once. */
    public Deadline forSources(Duration reserve, Deadline deadline) {
        Deadline taken = forSources;
        if (taken == null) {
            taken = deadline.keeping(reserve);
            forSources = taken;
        }
        return taken;
    }

    /** Whose connections its attempts hold, and for what. */
    Holder holder() {
        return new Holder(tenant, manifest.id().value());
    }

    ByteRange range() {
        return manifest.chunk(index);
    }

    /** The first bytes of the chunk, fewer than all; null when there are none. They stay its own. */
    @Nullable
    ByteBuf part() {
        return part;
    }

    /** What is still to come. */
    ByteRange rest() {
        ByteBuf has = part;
        return has == null ? range() : new ByteRange(range().first() + has.readableBytes(), range().last());
    }

    /** @param longer the part that there was and more; taken over */
    void keep(ByteBuf longer) {
        forget();
        part = longer;
    }

    void forget() {
        ByteBuf has = part;
        if (has != null) {
            part = null;
            has.release();
        }
    }

    /** Takes note that the origin is asked now; false when it was before. */
    boolean asksFirst(Origin origin) {
        return asked.add(origin);
    }

    boolean hasBegun() {
        return !asked.isEmpty();
    }

    void failed(Failure other) {
        contradicted |= other.kind() == Kind.CHANGED || other.kind() == Kind.MISSING;
        failure = OriginTier.moreTelling(failure, other);
    }

    /** Of all failures so far the one that a client should hear of. */
    @Nullable
    Failure failure() {
        return failure;
    }

    /** Whether a source holds something else by now, or nothing. */
    public boolean isContradicted() {
        return contradicted;
    }

    @Override
    public void close() {
        forget();
    }
}
