package io.oncemq.spring;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** How one connection is encrypted: files in PEM, or PKCS12 and JKS stores where a password is given. */
public class TlsProperties {
    /** Whether to encrypt. Follows from the other settings unless said otherwise. */
    private @Nullable Boolean enabled;

    /** One of Boot's SSL bundles of files (spring.ssl.bundle.pem or .jks); instead of the files below. */
    private @Nullable String bundle;

    /** Certificates of the authorities to trust; those of the JDK without it. */
    private @Nullable Path trust;

    /** Opens the trust store; without it the file is PEM. */
    private @Nullable String trustPassword;

    /** The client's own certificate chain (PEM), or the store that has it with its key. */
    private @Nullable Path certificate;

    /** The client's private key (PEM, PKCS #8). */
    private @Nullable Path key;

    /** Opens the store of the client's certificate. */
    private @Nullable String certificatePassword;

    /** Whether a certificate must be for the host that was connected to. */
    private boolean hostNameCheck = true;

    public @Nullable Boolean getEnabled() {
        return enabled;
    }

    public void setEnabled(@Nullable Boolean enabled) {
        this.enabled = enabled;
    }

    public @Nullable String getBundle() {
        return bundle;
    }

    public void setBundle(@Nullable String bundle) {
        this.bundle = bundle;
    }

    public @Nullable Path getTrust() {
        return trust;
    }

    public void setTrust(@Nullable Path trust) {
        this.trust = trust;
    }

    public @Nullable String getTrustPassword() {
        return trustPassword;
    }

    public void setTrustPassword(@Nullable String trustPassword) {
        this.trustPassword = trustPassword;
    }

    public @Nullable Path getCertificate() {
        return certificate;
    }

    public void setCertificate(@Nullable Path certificate) {
        this.certificate = certificate;
    }

    public @Nullable Path getKey() {
        return key;
    }

    public void setKey(@Nullable Path key) {
        this.key = key;
    }

    public @Nullable String getCertificatePassword() {
        return certificatePassword;
    }

    public void setCertificatePassword(@Nullable String certificatePassword) {
        this.certificatePassword = certificatePassword;
    }

    public boolean isHostNameCheck() {
        return hostNameCheck;
    }

    public void setHostNameCheck(boolean hostNameCheck) {
        this.hostNameCheck = hostNameCheck;
    }
}
