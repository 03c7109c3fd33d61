package io.edgedownload.engine.connect;

/** Hears what happens to connections. Called on event loops, on the timer and on threads that lease: it must not block. */
@FunctionalInterface
public interface ConnectListener {
    void on(ConnectEvent event);
}
