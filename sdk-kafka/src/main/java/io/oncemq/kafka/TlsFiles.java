package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import io.oncemq.Tls.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.SslConfigs;

/**
 * TLS as client properties. Reads every file on the way, because the client's own complaint about one names neither the file
 * nor the setting.
 */
final class TlsFiles {
    private static final String TRUST = "tls.trust";
    private static final String IDENTITY = "tls.identity";

    private TlsFiles() {}

    /** @throws ConfigurationException if a file is missing, unreadable, or not opened by its password */
    static Map<String, Object> properties(Tls tls) {
        Map<String, Object> properties = new LinkedHashMap<>();
        tls.trust().ifPresent(trust -> trust(trust, properties));
        tls.identity().ifPresent(identity -> identity(identity, properties));
        if (!tls.checksHostName()) {
            properties.put(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG, "");
        }
        return properties;
    }

    private static void trust(Store store, Map<String, Object> properties) {
        if (store.isPem()) {
            requireCertificates(TRUST, store.file());
            properties.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, "PEM");
            properties.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, path(store.file()));
            return;
        }
        String password = String.valueOf(store.password());
        properties.put(SslConfigs.SSL_TRUSTSTORE_TYPE_CONFIG, type(TRUST, store.file(), password));
        properties.put(SslConfigs.SSL_TRUSTSTORE_LOCATION_CONFIG, path(store.file()));
        properties.put(SslConfigs.SSL_TRUSTSTORE_PASSWORD_CONFIG, password);
    }

    private static void identity(Store store, Map<String, Object> properties) {
        if (store.isPem()) {
            Path key = store.key() == null ? store.file() : store.key();
            properties.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, "PEM");
            properties.put(
                    SslConfigs.SSL_KEYSTORE_CERTIFICATE_CHAIN_CONFIG, requireCertificates(IDENTITY, store.file()));
            properties.put(SslConfigs.SSL_KEYSTORE_KEY_CONFIG, requireKey(key));
            return;
        }
        String password = String.valueOf(store.password());
        properties.put(SslConfigs.SSL_KEYSTORE_TYPE_CONFIG, type(IDENTITY, store.file(), password));
        properties.put(SslConfigs.SSL_KEYSTORE_LOCATION_CONFIG, path(store.file()));
        properties.put(SslConfigs.SSL_KEYSTORE_PASSWORD_CONFIG, password);
        properties.put(SslConfigs.SSL_KEY_PASSWORD_CONFIG, password);
    }

    private static String requireCertificates(String property, Path file) {
        String text = read(property, file);
        try (InputStream in = Files.newInputStream(file)) {
            if (CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty()) {
                throw refused(property, file, "holds no certificate", "Give a PEM file, or a store with its password");
            }
        } catch (IOException | GeneralSecurityException e) {
            throw refused(property, file, "is not a PEM file of certificates", "If it is a store, give its password");
        }
        return text;
    }

    private static String requireKey(Path file) {
        String text = read(IDENTITY, file);
        if (!text.contains("-----BEGIN PRIVATE KEY-----")) {
            throw refused(
                    IDENTITY,
                    file,
                    "holds no private key as PKCS #8 without a password",
                    "Convert it with: openssl pkcs8 -topk8 -nocrypt");
        }
        return text;
    }

    private static String read(String property, Path file) {
        requireReadable(property, file);
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw refused(property, file, "is not text, so not PEM", "If it is a store, give its password");
        }
    }

    /** The type of a store that its password opens. */
    private static String type(String property, Path file, String password) {
        requireReadable(property, file);
        try {
            return KeyStore.getInstance(file.toFile(), password.toCharArray()).getType();
        } catch (IOException | GeneralSecurityException e) {
            throw refused(
                    property,
                    file,
                    "is not a PKCS12 or JKS store, or its password does not open it",
                    "Check the password, or leave it out if these are PEM files");
        }
    }

    private static void requireReadable(String property, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw refused(property, file, "is not a file that can be read", "Check the path and its permissions");
        }
    }

    private static String path(Path file) {
        return file.toAbsolutePath().toString();
    }

    private static ConfigurationException refused(String property, Path file, String problem, String remedy) {
        return new ConfigurationException(property, file, problem, remedy);
    }
}
