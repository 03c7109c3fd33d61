package io.edgedownload.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Debian's nginx, as its manual has it for speed; connections stay open, because those of the functions do. */
final class Nginx {
    private Nginx() {}

    /** One that sends the files of a folder from the kernel's memory. */
    static Peer ofFiles(Path folder, Path files) throws IOException, InterruptedException {
        return start("nginx", folder, "", "root " + files + ";");
    }

    /** One that keeps slices of what another server has in files, and sends those; each is asked for once at a time. */
    static Peer ofSlices(Path folder, URI origin, int sliceBytes) throws IOException, InterruptedException {
        return start("nginx slices", folder, """
                upstream origin { server %s:%d; keepalive 64; }
                    proxy_cache_path %s/nginx-slices levels=1:2 keys_zone=slices:10m use_temp_path=off;""".formatted(origin.getHost(), origin.getPort(), folder), """
                slice %d;
                        proxy_cache slices;
                        proxy_cache_key $uri$slice_range;
                        proxy_cache_valid 200 206 1d;
                        proxy_cache_lock on;
                        proxy_cache_lock_timeout 1h;
                        proxy_cache_lock_age 1h;
                        proxy_set_header Range $slice_range;
                        proxy_set_header Connection "";
                        proxy_http_version 1.1;
                        location / { proxy_pass http://origin; }""".formatted(
                        sliceBytes));
    }

    private static Peer start(String name, Path folder, String http, String server)
            throws IOException, InterruptedException {
        int port = Peer.freePort();
        Path configuration = Files.writeString(
                folder.resolve(name.replace(' ', '-') + ".conf"), configuration(folder, port, http, server));
        return Peer.start(
                name, port, folder, List.of("nginx", "-p", folder.toString(), "-c", configuration.toString()));
    }

    private static String configuration(Path folder, int port, String http, String server) {
        return """
                daemon off;
                user %1$s;
                pid %2$s/nginx-%4$d.pid;
                error_log stderr warn;
                worker_processes 2;
                events { worker_connections 1024; }
                http {
                    access_log off;
                    sendfile on;
                    tcp_nopush on;
                    keepalive_timeout 60s;
                    keepalive_requests 100000000;
                    open_file_cache max=1000;
                    default_type application/octet-stream;
                    client_body_temp_path %2$s/nginx-temp;
                    proxy_temp_path %2$s/nginx-temp;
                    fastcgi_temp_path %2$s/nginx-temp;
                    uwsgi_temp_path %2$s/nginx-temp;
                    scgi_temp_path %2$s/nginx-temp;
                    %5$s
                    server {
                        listen %3$s:%4$d reuseport;
                        %6$s
                    }
                }
                """.formatted(System.getProperty("user.name"), folder, Peer.HOST, port, http, server);
    }
}
