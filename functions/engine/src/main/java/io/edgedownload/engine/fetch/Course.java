package io.edgedownload.engine.fetch;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * How far an attempt came. Where it was redirected or sent again, all but {@code requests} is about the last request.
 *
 * @param timings of the steps that were taken; the others are 0
 * @param address that was connected to, or that was refused; null when it did not come to that
 * @param reused whether the connection carried an exchange before
 * @param status of the answer; 0 when there was none
 * @param requests that were sent; 0 when there never was a connection
 */
public record Course(Timings timings, @Nullable InetAddress address, boolean reused, int status, int requests) {
    public static final Course NOT_BEGUN = new Course(Timings.NONE, null, false, 0, 0);

    public Course withTimings(Timings other) {
        return new Course(other, address, reused, status, requests);
    }
}
