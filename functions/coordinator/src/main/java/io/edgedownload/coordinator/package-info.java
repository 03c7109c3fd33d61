/**
 * The coordinator: edges and node guards report to it by gRPC, and get their orders from it. Reports become standings, standings of
 * the whole fleet come together through etcd, and {@link io.edgedownload.coordinator.Policy} makes orders of them. Streams run on
 * event loops, on which nothing blocks; etcd is talked to on one virtual thread.
 */
@NullMarked
package io.edgedownload.coordinator;

import org.jspecify.annotations.NullMarked;
