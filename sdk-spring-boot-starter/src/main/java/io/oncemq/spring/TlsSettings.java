package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Encryption as properties say it. */
final class TlsSettings {
    private TlsSettings() {}

    /** Null where nothing asks for encryption. */
    static @Nullable Tls of(String prefix, TlsProperties properties) {
        boolean asked = properties.getTrust() != null || properties.getCertificate() != null;
        Boolean enabled = properties.getEnabled();
        if (enabled == null ? !asked : !enabled) {
            return null;
        }
        Tls tls = identified(prefix, trusting(properties), properties);
        return properties.isHostNameCheck() ? tls : tls.withoutHostNameCheck();
    }

    private static Tls trusting(TlsProperties properties) {
        Path trust = properties.getTrust();
        if (trust == null) {
            return Tls.systemTrust();
        }
        String password = properties.getTrustPassword();
        return password == null ? Tls.trusting(trust) : Tls.trusting(trust, password);
    }

    private static Tls identified(String prefix, Tls tls, TlsProperties properties) {
        Path certificate = properties.getCertificate();
        if (certificate == null) {
            return tls;
        }
        Path key = properties.getKey();
        String password = properties.getCertificatePassword();
        if (key != null) {
            return tls.identity(certificate, key);
        }
        if (password != null) {
            return tls.identity(certificate, password);
        }
        throw new ConfigurationException(
                prefix + "tls.certificate",
                certificate,
                "comes without its private key",
                "Set " + prefix + "tls.key (PEM) or " + prefix + "tls.certificate-password (PKCS12 or JKS)");
    }
}
