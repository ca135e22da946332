package io.oncemq.testkit.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Tls;
import io.oncemq.spi.TlsContexts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How a RocketMQ server is protected, and how its fixture gets in. Immutable.
 *
 * @param certificates null without TLS
 * @param accessControl whether brokers authenticate and authorize users
 */
record RocketSecurity(@Nullable TestCertificates certificates, boolean accessControl) {
    static final String USER = "fixture";
    static final String SECRET = "fixture-secret";
    private static final String SIGNATURE = "HmacSHA1";
    private static final String PACKAGE = "org.apache.rocketmq.auth.";

    /** For the JVM of a name server or a broker. */
    List<String> jvm() {
        TestCertificates tls = certificates;
        if (tls == null) {
            // Else each listener makes a key pair at its start, which takes seconds.
            return List.of("-Dtls.server.mode=disabled");
        }
        return List.of(
                "-Dtls.server.mode=enforcing",
                "-Dtls.test.mode.enable=false",
                "-Dtls.server.certPath=" + tls.serverCertificate(),
                "-Dtls.server.keyPath=" + tls.serverKey(),
                "-Dtls.server.need.client.auth=require",
                "-Dtls.server.authClient=true",
                "-Dtls.server.trustCertPath=" + tls.authority(),
                "-Dtls.enable=true",
                "-Dtls.client.authServer=true",
                "-Dtls.client.trustCertPath=" + tls.authority(),
                "-Dtls.client.certPath=" + tls.clientCertificate(),
                "-Dtls.client.keyPath=" + tls.clientKey());
    }

    /** For the configuration of a broker. */
    Map<String, String> broker() {
        if (!accessControl) {
            return Map.of();
        }
        String user = "{\"username\":\"" + USER + "\",\"password\":\"" + SECRET + "\"}";
        String credentials = "{\"accessKey\":\"" + USER + "\",\"secretKey\":\"" + SECRET + "\"}";
        return Map.of(
                "authenticationEnabled",
                "true",
                "authenticationProvider",
                PACKAGE + "authentication.provider.DefaultAuthenticationProvider",
                "authenticationMetadataProvider",
                PACKAGE + "authentication.provider.LocalAuthenticationMetadataProvider",
                "initAuthenticationUser",
                user,
                "innerClientAuthenticationCredentials",
                credentials,
                "authorizationEnabled",
                "true",
                "authorizationProvider",
                PACKAGE + "authorization.provider.DefaultAuthorizationProvider",
                "authorizationMetadataProvider",
                PACKAGE + "authorization.provider.LocalAuthorizationMetadataProvider");
    }

    /** A connection to a port of this machine. */
    Socket connect(int port, int patienceMillis) throws IOException {
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patienceMillis);
            plain.setSoTimeout(patienceMillis);
            TestCertificates tls = certificates;
            return tls == null ? plain : context(tls).getSocketFactory().createSocket(plain, "localhost", port, true);
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private static SSLContext context(TestCertificates tls) {
        return TlsContexts.of(Tls.trusting(tls.authority()).identity(tls.clientCertificate(), tls.clientKey()));
    }

    /** The fields of a request with what shows who sends it: a signature over their values, ordered by name, and the body. */
    Map<String, String> signed(Map<String, String> fields, String body) {
        if (!accessControl) {
            return fields;
        }
        Map<String, String> all = new LinkedHashMap<>(fields);
        all.put("AccessKey", USER);
        String content = String.join("", new TreeMap<>(all).values()) + body;
        try {
            Mac mac = Mac.getInstance(SIGNATURE);
            mac.init(new SecretKeySpec(SECRET.getBytes(UTF_8), SIGNATURE));
            all.put("Signature", Base64.getEncoder().encodeToString(mac.doFinal(content.getBytes(UTF_8))));
            return all;
        } catch (GeneralSecurityException e) {
            throw new ServerException("cannot sign a request", e);
        }
    }
}
