package io.edgedownload.coordinator;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Where standings are kept for other coordinators, and those that others keep. No method blocks. */
interface Store extends AutoCloseable {
    /** Hears of what others stored; on any thread. */
    void start(Runnable changed);

    /** What was last stored of the instance, by whomever. Never fails: when nobody can be asked it is what was last seen. */
    CompletionStage<Optional<Standing>> find(String instance);

    /**
     * Has the standing stored, soon; of several only the last one.
     *
     * @param stored called when it is
     */
    void keep(Standing standing, Runnable stored);

    /** Has the standing stored for a last time: its stream has ended here. It is forgotten after a while. */
    void leave(Standing standing);

    /** Has it noted that the instance is to be drained, or not. */
    void drain(String instance, boolean drained);

    /** What is stored, as last seen. */
    Map<String, Standing> all();

    /** Instances that are to be drained. */
    Set<String> drained();

    /** Whether others hear of what is kept here. */
    boolean reached();

    @Override
    void close();
}
