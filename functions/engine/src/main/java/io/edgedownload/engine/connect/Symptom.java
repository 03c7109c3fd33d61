package io.edgedownload.engine.connect;

import java.io.IOException;
import java.net.BindException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What an address was demoted for. */
public enum Symptom {
    /** It took no TCP connection, or not in time. */
    CONNECT,
    /** It took a connection and then no TLS. */
    TLS,
    /** It ended a connection on which an answer was due. */
    BROKEN,
    /** It took a request and did not begin to answer it. */
    SILENT,
    /** It did not answer several probes in a row. */
    PROBE;

    /**
     * What a failed attempt to connect says of the address.
     *
     * @return null when it says nothing: a certificate is wrong at every address of a name, and some failures are our own
     */
    static @Nullable Symptom of(Throwable failure) {
        return switch (failure) {
            case SSLException tls -> hasWrongCertificate(tls) ? null : TLS;
            // No port or address was left here.
            case BindException _ -> null;
            case IOException _, TimeoutException _ -> CONNECT;
            default -> null;
        };
    }

    private static boolean hasWrongCertificate(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateException) {
                return true;
            }
        }
        return false;
    }
}
