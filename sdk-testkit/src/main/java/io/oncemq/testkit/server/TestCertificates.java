package io.oncemq.testkit.server;

import io.oncemq.testkit.server.TestAuthority.Identity;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;

/**
 * Certificates for tests of TLS, as files: an authority that lives as long as the test, a server's certificate for the host
 * name {@code localhost} and for nothing else (so that {@code 127.0.0.1} is a wrong host name), a client's, and a stranger's,
 * which another authority signed.
 *
 * <p>Each as PEM, and as a PKCS12 store with {@link #password()}. Valid for 30 days. Immutable and thread-safe; the files
 * belong to the folder's owner.
 */
public final class TestCertificates {
    private static final String PASSWORD = "test-store-password";

    private final Path folder;

    private TestCertificates(Path folder) {
        this.folder = folder;
    }

    /**
     * Makes new ones in a folder, which is created where it is missing.
     *
     * @throws UncheckedIOException if a file cannot be written
     */
    public static TestCertificates in(Path folder) {
        TestAuthority authority = new TestAuthority("OnceMQ test authority");
        TestAuthority other = new TestAuthority("Another authority");
        TestCertificates made = new TestCertificates(folder);
        try {
            Files.createDirectories(folder);
            made.write("server", authority.issue("test server", "localhost"));
            made.write("client", authority.issue("test client"));
            made.write("stranger", other.issue("test stranger", "localhost"));
            made.writeTrust("authority", authority.certificate());
            made.writeTrust("other-authority", other.certificate());
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new ServerException("cannot make test certificates", e);
        }
    }

    /** The authority's certificate, PEM: what a client trusts. */
    public Path authority() {
        return folder.resolve("authority.pem");
    }

    /** The same as a PKCS12 store. */
    public Path trustStore() {
        return folder.resolve("authority.p12");
    }

    /** The certificate of an authority that signed nothing of the server's, PEM. */
    public Path otherAuthority() {
        return folder.resolve("other-authority.pem");
    }

    /** The server's certificate, PEM. */
    public Path serverCertificate() {
        return folder.resolve("server.pem");
    }

    /** The server's private key, PEM, not encrypted. */
    public Path serverKey() {
        return folder.resolve("server.key");
    }

    /** The server's certificate and key as a PKCS12 store. */
    public Path serverStore() {
        return folder.resolve("server.p12");
    }

    /** A client's certificate, PEM. */
    public Path clientCertificate() {
        return folder.resolve("client.pem");
    }

    /** A client's private key, PEM, not encrypted. */
    public Path clientKey() {
        return folder.resolve("client.key");
    }

    /** A client's certificate and key as a PKCS12 store. */
    public Path clientStore() {
        return folder.resolve("client.p12");
    }

    /** A certificate and key that the server does not trust, as a PKCS12 store. */
    public Path strangerStore() {
        return folder.resolve("stranger.p12");
    }

    /** The password of every store. */
    public String password() {
        return PASSWORD;
    }

    private void write(String name, Identity identity) throws IOException, GeneralSecurityException {
        Certificate certificate = identity.certificate();
        byte[] key = identity.keys().getPrivate().getEncoded();
        Files.writeString(folder.resolve(name + ".pem"), pem("CERTIFICATE", certificate.getEncoded()));
        Files.writeString(folder.resolve(name + ".key"), pem("PRIVATE KEY", key));
        KeyStore store = emptyStore();
        store.setKeyEntry(name, identity.keys().getPrivate(), PASSWORD.toCharArray(), new Certificate[] {certificate});
        save(store, name);
    }

    private void writeTrust(String name, Certificate certificate)
            throws IOException, CertificateEncodingException, GeneralSecurityException {
        Files.writeString(folder.resolve(name + ".pem"), pem("CERTIFICATE", certificate.getEncoded()));
        KeyStore store = emptyStore();
        store.setCertificateEntry(name, certificate);
        save(store, name);
    }

    @SuppressWarnings("NullAway") // the JDK's way to begin an empty store
    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private void save(KeyStore store, String name) throws IOException, GeneralSecurityException {
        try (OutputStream out = Files.newOutputStream(folder.resolve(name + ".p12"))) {
            store.store(out, PASSWORD.toCharArray());
        }
    }

    private static String pem(String label, byte[] content) {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }
}
