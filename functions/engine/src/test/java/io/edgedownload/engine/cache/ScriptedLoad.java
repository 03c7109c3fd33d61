package io.edgedownload.engine.cache;

import io.edgedownload.engine.fetch.Failure;
import java.util.concurrent.Callable;

/**
 * A load whose result a test writes down.
 *
 * @param reach a load goes further than one of a smaller reach
 */
record ScriptedLoad(int reach, Callable<Loaded> script) implements Loading {
    ScriptedLoad(Callable<Loaded> script) {
        this(0, script);
    }

    @Override
    public Loaded load() throws InterruptedException {
        try {
            return script.call();
        } catch (InterruptedException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public boolean goesFurtherThan(Loading failed, Failure failure) {
        return failed instanceof ScriptedLoad other && reach > other.reach;
    }
}
