/**
 * The guard of one node: a program in the kernel ({@code infra/ebpf}) counts the connections and segments of each control group and
 * paces their sockets; this process loads it, judges what it counts by the same rules as the guard in each instance
 * ({@link io.edgedownload.engine.guard}), holds a control group that surges to its limit, and tells a coordinator.
 *
 * <p>One thread looks, judges and limits. What is foreign memory stays behind {@link io.edgedownload.guard.NodeProgram}.
 */
@NullMarked
package io.edgedownload.guard;

import org.jspecify.annotations.NullMarked;
