package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.JksSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.PemSslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.SslBundleProperties;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.core.env.Environment;
import org.springframework.core.io.Resource;

/**
 * Boot's SSL bundles, as far as they are files: OnceMQ reads those at each connection, so renewed ones are taken up without a reload. What a
 * bundle says beyond that is refused by name: a security setting is not left out silently.
 */
final class TlsBundles {
    private static final String BUNDLES = "spring.ssl";
    private static final String PEM = "-----BEGIN";

    private final Environment environment;

    TlsBundles(Environment environment) {
        this.environment = environment;
    }

    /**
     * The same settings with the files of the bundle that they name. The given ones stay as they are: properties may be read again.
     *
     * @param prefix of the settings, with its dot
     */
    TlsProperties resolved(String prefix, TlsProperties tls) {
        String name = tls.getBundle();
        if (name == null) {
            return tls;
        }
        if (tls.getTrust() != null || tls.getCertificate() != null) {
            throw new ConfigurationException(
                    prefix + "bundle",
                    name,
                    "is set together with " + prefix + (tls.getTrust() == null ? "certificate" : "trust"),
                    "Remove one of the two");
        }
        SslProperties.Bundles bundles = Binder.get(environment)
                .bindOrCreate(BUNDLES, SslProperties.class)
                .getBundle();
        PemSslBundleProperties pem = bundles.getPem().get(name);
        JksSslBundleProperties jks = bundles.getJks().get(name);
        TlsProperties files = new TlsProperties();
        files.setHostNameCheck(tls.isHostNameCheck());
        files.setEnabled(tls.getEnabled() == null ? Boolean.TRUE : tls.getEnabled());
        if (pem != null) {
            new Files(prefix, name, "pem", pem).apply(pem, files);
        } else if (jks != null) {
            new Files(prefix, name, "jks", jks).apply(jks, files);
        } else {
            throw new ConfigurationException(
                    prefix + "bundle",
                    name,
                    "is not among the bundles of properties",
                    "Set spring.ssl.bundle.pem." + name + ".truststore.certificate to a file, or set " + prefix
                            + "trust");
        }
        return files;
    }

    /** One bundle, as the files that it names. */
    private static final class Files {
        private final String prefix;
        private final String name;
        private final String bundle;

        Files(String prefix, String name, String kind, SslBundleProperties properties) {
            this.prefix = prefix;
            this.name = name;
            this.bundle = "spring.ssl.bundle." + kind + "." + name + ".";
            refuseUnless(properties.getKey().getAlias() == null, "key.alias");
            refuseUnless(properties.getKey().getPassword() == null, "key.password");
            refuseUnless(properties.getOptions().getCiphers() == null, "options.ciphers");
            refuseUnless(properties.getOptions().getEnabledProtocols() == null, "options.enabled-protocols");
            refuseUnless("TLS".equals(properties.getProtocol()), "protocol");
        }

        void apply(PemSslBundleProperties pem, TlsProperties tls) {
            refuseUnless(pem.getKeystore().getPrivateKeyPassword() == null, "keystore.private-key-password");
            tls.setTrust(file("truststore.certificate", pem.getTruststore().getCertificate()));
            tls.setCertificate(file("keystore.certificate", pem.getKeystore().getCertificate()));
            Path key = file("keystore.private-key", pem.getKeystore().getPrivateKey());
            tls.setKey(key == null ? tls.getCertificate() : key);
        }

        void apply(JksSslBundleProperties jks, TlsProperties tls) {
            tls.setTrust(file("truststore.location", jks.getTruststore().getLocation()));
            tls.setTrustPassword(password(
                    "truststore.password", tls.getTrust(), jks.getTruststore().getPassword()));
            tls.setCertificate(file("keystore.location", jks.getKeystore().getLocation()));
            tls.setCertificatePassword(password(
                    "keystore.password", tls.getCertificate(), jks.getKeystore().getPassword()));
        }

        private @Nullable Path file(String setting, @Nullable String location) {
            if (location == null) {
                return null;
            }
            if (!location.contains(PEM)) {
                Resource resource = ApplicationResourceLoader.get().getResource(location);
                try {
                    if (resource.isFile()) {
                        return resource.getFile().toPath();
                    }
                } catch (IOException e) {
                    throw refused(setting, "names no file: " + e.getMessage());
                }
            }
            throw refused(setting, "is not a file, and OnceMQ takes certificates from files");
        }

        private @Nullable String password(String setting, @Nullable Path store, @Nullable String password) {
            if (store != null && password == null) {
                throw refused(setting, "is missing, and OnceMQ opens stores by their password");
            }
            return password;
        }

        private void refuseUnless(boolean possible, String setting) {
            if (!possible) {
                throw refused(setting, "is set, which OnceMQ's clients do not take over");
            }
        }

        private ConfigurationException refused(String setting, String problem) {
            return new ConfigurationException(
                    prefix + "bundle",
                    name,
                    "cannot be used: " + bundle + setting + " " + problem,
                    "Name a bundle of files, or set " + prefix + "trust and " + prefix + "certificate instead");
        }
    }
}
