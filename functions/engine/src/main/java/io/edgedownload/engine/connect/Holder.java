package io.edgedownload.engine.connect;

/**
 * Who a connection is leased to.
 *
 * @param tenant whose share of the connections it counts against; empty when it is nobody's in particular, and then no
 *     share bounds it
 * @param download the id of the download that it is for, empty when there is none; for reports
 */
public record Holder(String tenant, String download) {
    /** For what the operator does itself. */
    public static final Holder NOBODY = new Holder("", "");
}
