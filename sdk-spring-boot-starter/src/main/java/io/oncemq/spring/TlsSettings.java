package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/** Encryption as properties and Boot's SSL bundles say it. */
final class TlsSettings {
    private final TlsBundles bundles;
    private final @Nullable String requirer;

    TlsSettings(Environment environment) {
        this(new TlsBundles(environment), null);
    }

    private TlsSettings(TlsBundles bundles, @Nullable String requirer) {
        this.bundles = bundles;
        this.requirer = requirer;
    }

    /**
     * The same, for connections that must be encrypted. Trusts the JDK's authorities where nothing else is set.
     *
     * @param source that asks for it
     */
    TlsSettings requiredBy(String source) {
        return new TlsSettings(bundles, source);
    }

    /**
     * Null where nothing asks for encryption.
     *
     * @param prefix of the broker's or the store's properties, with its dot
     */
    @Nullable
    Tls of(String prefix, TlsProperties properties) {
        TlsProperties files = bundles.resolved(prefix + "tls.", properties);
        boolean asked = requirer != null || files.getTrust() != null || files.getCertificate() != null;
        Boolean enabled = files.getEnabled();
        if (requirer != null && Boolean.FALSE.equals(enabled)) {
            throw new ConfigurationException(
                    prefix + "tls.enabled", false, "contradicts the " + requirer + ", which require TLS", "Remove it");
        }
        if (enabled == null ? !asked : !enabled) {
            return null;
        }
        Tls tls = identified(prefix, trusting(files), files);
        return files.isHostNameCheck() ? tls : tls.withoutHostNameCheck();
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
