package io.oncemq;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a connection is encrypted: whom this side trusts, and who it says it is. Immutable and thread-safe. Files are read when
 * a connection is opened, not here; {@link #toString} names files and no passwords.
 *
 * <pre>{@code
 * Tls.trusting(Path.of("ca.pem"))
 *         .identity(Path.of("client.pem"), Path.of("client.key"))
 * }</pre>
 */
public final class Tls {
    /**
     * Certificates in a file, and perhaps a private key.
     *
     * @param file PEM if {@code password} is null, else a PKCS12 or JKS store
     * @param key the PEM file of the private key, if it belongs to certificates in PEM
     * @param password opens the store and its key
     */
    public record Store(
            Path file, @Nullable Path key, @Nullable String password) {
        /** Whether these are PEM files. */
        public boolean isPem() {
            return password == null;
        }

        /** Without the password. */
        @Override
        public String toString() {
            return key == null ? file.toString() : file + " with " + key;
        }
    }

    private final @Nullable Store trust;
    private final @Nullable Store identity;
    private final boolean hostNameChecked;

    private Tls(@Nullable Store trust, @Nullable Store identity, boolean hostNameChecked) {
        this.trust = trust;
        this.identity = identity;
        this.hostNameChecked = hostNameChecked;
    }

    /** Trusts the authorities that the JDK trusts. */
    public static Tls systemTrust() {
        return new Tls(null, null, true);
    }

    /** Trusts the certificates in a PEM file, and no others. */
    public static Tls trusting(Path pem) {
        return new Tls(new Store(pem, null, null), null, true);
    }

    /** Trusts the certificates in a PKCS12 or JKS store, and no others. */
    public static Tls trusting(Path store, String password) {
        return new Tls(new Store(store, null, password), null, true);
    }

    /** Shows a client certificate (mutual TLS): PEM files, the chain with the client's own first, the key as PKCS #8 without a password. */
    public Tls identity(Path certificateChain, Path key) {
        return new Tls(trust, new Store(certificateChain, key, null), hostNameChecked);
    }

    /** Shows a client certificate (mutual TLS) from a PKCS12 or JKS store whose key has the store's password. */
    public Tls identity(Path store, String password) {
        return new Tls(trust, new Store(store, null, password), hostNameChecked);
    }

    /** Accepts a trusted certificate of any host. Every holder of a certificate from a trusted authority can then intercept the connection. */
    public Tls withoutHostNameCheck() {
        return new Tls(trust, identity, false);
    }

    /** Whom to trust; empty for the JDK's authorities. */
    public Optional<Store> trust() {
        return Optional.ofNullable(trust);
    }

    /** The client certificate, if there is one. */
    public Optional<Store> identity() {
        return Optional.ofNullable(identity);
    }

    /** Whether the certificate must be for the host that was connected to. */
    public boolean checksHostName() {
        return hostNameChecked;
    }

    @Override
    public String toString() {
        return "Tls[trusting " + (trust == null ? "the JDK's authorities" : trust)
                + (identity == null ? "" : ", as " + identity)
                + (hostNameChecked ? "" : ", without host name check") + "]";
    }
}
