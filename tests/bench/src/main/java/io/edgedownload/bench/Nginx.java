package io.edgedownload.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Debian's nginx with a configuration of its own, serving the files of one folder from the kernel's memory. */
final class Nginx implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int STOP_SECONDS = 5;

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Returns when it takes connections. */
    static Nginx start(Path folder, Path files) throws IOException, InterruptedException {
        int port = freePort();
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), configuration(folder, files, port));
        Process process = new ProcessBuilder("nginx", "-p", folder.toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.log").toFile())
                .start();
        Nginx nginx = new Nginx(process, port);
        while (!nginx.isReady()) {
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                throw new IOException("nginx ended: " + Files.readString(folder.resolve("nginx.log")));
            }
        }
        return nginx;
    }

    /** As its manual has it for speed; connections stay open, because those of the functions do. */
    private static String configuration(Path folder, Path files, int port) {
        return """
                daemon off;
                user %1$s;
                pid %2$s/nginx.pid;
                error_log stderr warn;
                worker_processes 2;
                events { worker_connections 1024; }
                http {
                    access_log off;
                    sendfile on;
                    tcp_nopush on;
                    keepalive_timeout 60s;
                    keepalive_requests 100000000;
                    open_file_cache max=10;
                    default_type application/octet-stream;
                    client_body_temp_path %2$s/nginx-temp;
                    proxy_temp_path %2$s/nginx-temp;
                    fastcgi_temp_path %2$s/nginx-temp;
                    uwsgi_temp_path %2$s/nginx-temp;
                    scgi_temp_path %2$s/nginx-temp;
                    server {
                        listen %3$s:%4$d reuseport;
                        root %5$s;
                    }
                }
                """.formatted(System.getProperty("user.name"), folder, HOST, port, files);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(HOST))) {
            return socket.getLocalPort();
        }
    }

    private boolean isReady() {
        try (Socket socket = new Socket(InetAddress.ofLiteral(HOST), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    Server server(String file) {
        return new Server("nginx", URI.create("http://" + HOST + ":" + port + "/" + file), process.toHandle());
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException hurried) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
