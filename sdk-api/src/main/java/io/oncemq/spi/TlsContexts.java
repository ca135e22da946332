package io.oncemq.spi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import io.oncemq.Tls.Store;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** {@link Tls} as a context for clients that take one. Reads the files at each call. Whether host names are checked is the client's part. */
public final class TlsContexts {
    private static final String TRUST = "tls.trust";
    private static final String IDENTITY = "tls.identity";
    private static final char[] UNUSED = new char[0];
    private static final List<String> KEY_KINDS = List.of("RSA", "EC", "EdDSA");
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");

    private TlsContexts() {}

    /** @throws ConfigurationException if a file is missing, unreadable, or not opened by its password */
    public static SSLContext of(Tls tls) {
        TrustManager[] trusted = tls.trust().map(TlsContexts::trust).orElse(null);
        KeyManager[] own = tls.identity().map(TlsContexts::identity).orElse(null);
        try {
            return context(own, trusted);
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException("tls", tls, "cannot be used: " + e.getMessage(), "Check its files");
        }
    }

    @SuppressWarnings("NullAway") // the JDK is not annotated: null stands for its own defaults
    private static SSLContext context(KeyManager @Nullable [] own, TrustManager @Nullable [] trusted)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own, trusted, null);
        return context;
    }

    private static TrustManager[] trust(Store store) {
        try {
            KeyStore trusted;
            if (store.isPem()) {
                trusted = empty();
                int number = 0;
                for (Certificate each : certificates(TRUST, store.file())) {
                    trusted.setCertificateEntry("trusted-" + number++, each);
                }
            } else {
                trusted = open(TRUST, store);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(trusted);
            return factory.getTrustManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw refused(TRUST, store.file(), "cannot be used: " + e.getMessage(), "Give certificates of authorities");
        }
    }

    private static KeyManager[] identity(Store store) {
        try {
            KeyStore own;
            char[] password = UNUSED;
            if (store.isPem()) {
                Path key = store.key();
                Certificate[] chain = certificates(IDENTITY, store.file()).toArray(Certificate[]::new);
                own = empty();
                own.setKeyEntry("own", key(key == null ? store.file() : key), password, chain);
            } else {
                own = open(IDENTITY, store);
                password = String.valueOf(store.password()).toCharArray();
            }
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(own, password);
            return factory.getKeyManagers();
        } catch (GeneralSecurityException | IOException e) {
            throw refused(
                    IDENTITY,
                    store.file(),
                    "cannot be used: " + e.getMessage(),
                    "Give a certificate with its own key, and the same password for a store and its key");
        }
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, UNUSED);
        return store;
    }

    private static Collection<? extends Certificate> certificates(String property, Path file) {
        byte[] bytes = read(property, file);
        try (InputStream in = new ByteArrayInputStream(bytes)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (!found.isEmpty()) {
                return found;
            }
        } catch (GeneralSecurityException | IOException e) {
            throw refused(property, file, "is not a PEM file of certificates", "If it is a store, give its password");
        }
        throw refused(property, file, "holds no certificate", "Give a PEM file, or a store with its password");
    }

    private static PrivateKey key(Path file) throws GeneralSecurityException {
        Matcher key = KEY.matcher(new String(read(IDENTITY, file), ISO_8859_1));
        if (key.find()) {
            byte[] encoded = Base64.getMimeDecoder().decode(key.group(1));
            for (String kind : KEY_KINDS) {
                try {
                    return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(encoded));
                } catch (InvalidKeySpecException e) {
                    continue;
                }
            }
        }
        throw refused(
                IDENTITY,
                file,
                "holds no private key as PKCS #8 without a password",
                "Convert it with: openssl pkcs8 -topk8 -nocrypt");
    }

    private static KeyStore open(String property, Store store) {
        requireReadable(property, store.file());
        try {
            return KeyStore.getInstance(
                    store.file().toFile(), String.valueOf(store.password()).toCharArray());
        } catch (IOException | GeneralSecurityException e) {
            throw refused(
                    property,
                    store.file(),
                    "is not a PKCS12 or JKS store, or its password does not open it",
                    "Check the password, or leave it out if these are PEM files");
        }
    }

    private static byte[] read(String property, Path file) {
        requireReadable(property, file);
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw refused(property, file, "cannot be read", "Check the path and its permissions");
        }
    }

    private static void requireReadable(String property, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw refused(property, file, "is not a file that can be read", "Check the path and its permissions");
        }
    }

    private static ConfigurationException refused(String property, Path file, String problem, String remedy) {
        return new ConfigurationException(property, file, problem, remedy);
    }
}
