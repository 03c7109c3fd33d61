package io.edgedownload.coordinator;

import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A coordinator that knows its peers by their certificates alone, and asks for one without insisting. */
public final class MutualTls implements QuarkusTestProfile {
    /** Where the certificates are, for the test. */
    static final String FOLDER = "test.certificates";

    private static final String PASSWORD = "changeit";

    @Override
    public Map<String, String> getConfigOverrides() {
        Map<String, String> settings = new HashMap<>(new TokenDeployment().getConfigOverrides());
        settings.remove("coordinator.token");
        try {
            Path folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "tls")), "tls-")
                    .toAbsolutePath();
            for (String name : List.of("server", "client", "stranger")) {
                pair(folder, name);
            }
            keytool(
                    "-importcert",
                    "-noprompt",
                    "-alias",
                    "client",
                    "-file",
                    folder + "/client.pem",
                    "-keystore",
                    folder + "/trusted.p12");
            settings.put(FOLDER, folder.toString());
            settings.put("quarkus.grpc.server.plain-text", "false");
            settings.put("quarkus.grpc.server.ssl.certificate", folder + "/server.pem");
            settings.put("quarkus.grpc.server.ssl.key", folder + "/server.key");
            settings.put("quarkus.grpc.server.ssl.trust-store", folder + "/trusted.p12");
            settings.put("quarkus.grpc.server.ssl.trust-store-password", PASSWORD);
            settings.put("quarkus.grpc.server.ssl.client-auth", "request");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return settings;
    }

    /** A key and a certificate for it, signed by itself, in PEM. */
    private static void pair(Path folder, String name)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path store = folder.resolve(name + ".p12");
        keytool(
                "-genkeypair",
                "-alias",
                name,
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "2",
                "-keystore",
                store.toString());
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        pem(
                folder.resolve(name + ".pem"),
                "CERTIFICATE",
                keys.getCertificate(name).getEncoded());
        pem(
                folder.resolve(name + ".key"),
                "PRIVATE KEY",
                keys.getKey(name, PASSWORD.toCharArray()).getEncoded());
    }

    private static void pem(Path file, String type, byte[] der) throws IOException {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        Files.writeString(file, "-----BEGIN " + type + "-----\n" + base64 + "\n-----END " + type + "-----\n");
    }

    private static void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(output);
        }
    }
}
