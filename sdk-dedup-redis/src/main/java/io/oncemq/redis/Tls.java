package io.oncemq.redis;

import io.oncemq.ConfigurationException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whom a client trusts and what it shows of itself. What is missing comes from the JVM. Names in certificates are checked.
 *
 * @param context given whole by the user; the others are unused then
 * @param trusted certificates of servers, or of those who signed them
 * @param own the client's certificate and key
 */
record Tls(
        @Nullable SSLContext context,
        @Nullable KeyStore trusted,
        @Nullable KeyStore own,
        String keyPassword) {
    static final Tls DEFAULT = new Tls(null, null, null, "");

    static Tls of(SSLContext context) {
        return new Tls(context, null, null, "");
    }

    Tls trusting(Path store, String password) {
        return new Tls(null, load("trustStore", store, password), own, keyPassword);
    }

    Tls showing(Path store, String password) {
        return new Tls(null, trusted, load("keyStore", store, password), password);
    }

    /** Null stands for the JVM's own. */
    @Nullable
    SSLSocketFactory sockets() {
        if (context != null) {
            return context.getSocketFactory();
        }
        if (trusted == null && own == null) {
            return null;
        }
        try {
            SSLContext made = SSLContext.getInstance("TLS");
            made.init(keys(), trust(), null);
            return made.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException(
                    "keyStore",
                    "***",
                    "cannot be used: " + e.getMessage(),
                    "Give its password, and the same for its key");
        }
    }

    private KeyManager @Nullable [] keys() throws GeneralSecurityException {
        if (own == null) {
            return null;
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own, keyPassword.toCharArray());
        return factory.getKeyManagers();
    }

    private TrustManager @Nullable [] trust() throws GeneralSecurityException {
        if (trusted == null) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        return factory.getTrustManagers();
    }

    private static KeyStore load(String property, Path store, String password) {
        File file = store.toFile();
        try {
            return KeyStore.getInstance(file, password.toCharArray());
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new ConfigurationException(
                    property, store, "cannot be read: " + e.getMessage(), "Give a PKCS12 or JKS file and its password");
        }
    }

    @Override
    public String toString() {
        return "Tls[***]";
    }
}
