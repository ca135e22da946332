package io.oncemq.testkit.server;

import java.util.Locale;

/** The ways into a secured {@link KafkaServer}, each on a port of its own beside the plain one. */
public enum SecuredListener {
    /** TLS; the client stays anonymous. */
    TLS("SSL"),
    /** TLS; the server asks for a client certificate and refuses who has none. */
    MUTUAL_TLS("SSL"),
    /** SASL without TLS: PLAIN, SCRAM-SHA-256, SCRAM-SHA-512 and OAUTHBEARER. */
    SASL("SASL_PLAINTEXT"),
    /** The same over TLS. */
    SASL_TLS("SASL_SSL");

    private final String protocol;

    SecuredListener(String protocol) {
        this.protocol = protocol;
    }

    /** The {@code security.protocol} of its clients. */
    public String protocol() {
        return protocol;
    }

    boolean hasTls() {
        return this != SASL;
    }

    boolean hasSasl() {
        return this == SASL || this == SASL_TLS;
    }

    /** How the broker's settings of this listener begin. */
    String prefix() {
        return "listener.name." + name().toLowerCase(Locale.ROOT) + ".";
    }
}
