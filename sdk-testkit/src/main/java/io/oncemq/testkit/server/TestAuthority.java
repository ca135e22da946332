package io.oncemq.testkit.server;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A certificate authority that lives as long as a test: signs X.509 certificates (RFC 5280) with a key that is never stored.
 * The JDK has no public way to make one, and a keytool process per step would take longer than a broker's start.
 */
final class TestAuthority {
    /** A certificate and its key. */
    record Identity(KeyPair keys, X509Certificate certificate) {}

    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
    private static final byte[] COMMON_NAME = Der.oid(2, 5, 4, 3);
    private static final byte[] BASIC_CONSTRAINTS = Der.oid(2, 5, 29, 19);
    private static final byte[] ALTERNATIVE_NAMES = Der.oid(2, 5, 29, 17);
    private static final Duration VALID_BEFORE = Duration.ofDays(1);
    private static final Duration VALID_FOR = Duration.ofDays(30);

    private final String name;
    private final KeyPair keys = newKeys();
    private final AtomicLong serials = new AtomicLong(1);
    private final X509Certificate certificate;

    TestAuthority(String name) {
        this.name = name;
        byte[] constraints = Der.sequence(BASIC_CONSTRAINTS, Der.yes(), Der.octets(Der.sequence(Der.yes())));
        this.certificate = sign(name, keys, List.of(constraints));
    }

    X509Certificate certificate() {
        return certificate;
    }

    /** @param hosts names and IPv4 addresses that the certificate stands for; none for a client's */
    Identity issue(String subject, String... hosts) {
        KeyPair subjectKeys = newKeys();
        List<byte[]> extensions = new ArrayList<>();
        if (hosts.length > 0) {
            byte[][] names = new byte[hosts.length][];
            for (int i = 0; i < hosts.length; i++) {
                names[i] = alternativeName(hosts[i]);
            }
            extensions.add(Der.sequence(ALTERNATIVE_NAMES, Der.octets(Der.sequence(names))));
        }
        return new Identity(subjectKeys, sign(subject, subjectKeys, extensions));
    }

    private static byte[] alternativeName(String host) {
        if (!host.matches("[0-9.]+")) {
            return Der.implicit(2, host.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        }
        try {
            return Der.implicit(7, InetAddress.getByName(host).getAddress());
        } catch (UnknownHostException e) {
            throw new ServerException(host + " is no address", e);
        }
    }

    private X509Certificate sign(String subject, KeyPair subjectKeys, List<byte[]> extensions) {
        Instant now = Instant.now();
        List<byte[]> parts = new ArrayList<>(List.of(
                Der.explicit(0, Der.integer(BigInteger.TWO)),
                Der.integer(BigInteger.valueOf(serials.getAndIncrement())),
                ECDSA_WITH_SHA256,
                distinguishedName(name),
                Der.sequence(Der.time(now.minus(VALID_BEFORE)), Der.time(now.plus(VALID_FOR))),
                distinguishedName(subject),
                subjectKeys.getPublic().getEncoded()));
        if (!extensions.isEmpty()) {
            parts.add(Der.explicit(3, Der.sequence(extensions.toArray(byte[][]::new))));
        }
        byte[] body = Der.sequence(parts.toArray(byte[][]::new));
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            byte[] encoded = Der.sequence(body, ECDSA_WITH_SHA256, Der.bits(signature.sign()));
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        } catch (GeneralSecurityException e) {
            throw new ServerException("cannot sign a test certificate", e);
        }
    }

    private static byte[] distinguishedName(String commonName) {
        return Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.text(commonName))));
    }

    private static KeyPair newKeys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new ServerException("every JDK has secp256r1", e);
        }
    }
}
