package io.edgedownload.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Debian's Varnish, which keeps what another server has in its memory. */
final class Varnish {
    private Varnish() {}

    /** @param origin the other server; its objects must fit into 256 MiB */
    static Peer start(Path folder, URI origin) throws IOException, InterruptedException {
        int port = Peer.freePort();
        return Peer.start(
                "Varnish",
                port,
                folder,
                List.of(
                        "varnishd",
                        "-F",
                        // It need not become another user, who could not read this folder.
                        "-j",
                        "none",
                        "-n",
                        folder.resolve("varnish").toString(),
                        "-a",
                        Peer.HOST + ":" + port,
                        "-b",
                        origin.getAuthority(),
                        "-s",
                        "malloc,256m",
                        // Longer than any run, in seconds.
                        "-t",
                        "86400"));
    }
}
