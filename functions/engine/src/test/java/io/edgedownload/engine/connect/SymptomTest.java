package io.edgedownload.engine.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.http.HttpClosedException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

final class SymptomTest {
    @Test
    void whatTakesNoConnectionHasASymptom() {
        assertEquals(Symptom.CONNECT, Symptom.of(new ConnectException("refused")));
        assertEquals(Symptom.CONNECT, Symptom.of(new ConnectTimeoutException("no answer")));
        assertEquals(Symptom.CONNECT, Symptom.of(new NoRouteToHostException()));
        assertEquals(Symptom.CONNECT, Symptom.of(new TimeoutException()));
    }

    @Test
    void aFailedHandshakeIsOneAndAWrongCertificateIsNone() {
        assertEquals(Symptom.TLS, Symptom.of(new SSLHandshakeException("closed")));
        SSLHandshakeException wrong = new SSLHandshakeException("no trust");
        wrong.initCause(new CertificateException("No name matching files.example found"));
        assertNull(Symptom.of(wrong));
    }

    @Test
    void whatFailedHereIsNone() {
        assertNull(Symptom.of(new BindException("no port is left")));
        assertNull(Symptom.of(new HttpClosedException("closed by this end")));
        assertNull(Symptom.of(new IllegalStateException("the client is closed")));
    }
}
