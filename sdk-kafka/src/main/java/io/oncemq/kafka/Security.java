package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import io.oncemq.Tls;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.jspecify.annotations.Nullable;

/** How connections are secured by typed options; properties say the rest. Immutable; prints no secret. */
record Security(@Nullable Tls tls, @Nullable Login login) {
    static final Security NONE = new Security(null, null);

    private static final Set<String> OF_TLS = Set.of(
            "ssl.key.password",
            "ssl.keystore.certificate.chain",
            "ssl.keystore.key",
            "ssl.keystore.location",
            "ssl.keystore.password",
            "ssl.keystore.type",
            "ssl.truststore.certificates",
            "ssl.truststore.location",
            "ssl.truststore.password",
            "ssl.truststore.type",
            "ssl.endpoint.identification.algorithm");
    private static final Set<String> OF_LOGIN =
            Set.of("sasl.mechanism", "sasl.jaas.config", "sasl.login.callback.handler.class");

    private boolean isSet() {
        return tls != null || login != null;
    }

    String protocol() {
        if (login == null) {
            return tls == null ? "PLAINTEXT" : "SSL";
        }
        return tls == null ? "SASL_PLAINTEXT" : "SASL_SSL";
    }

    /** Two ways to say one thing would let one of them be dropped silently. */
    void refuse(String property) {
        boolean ours = property.equals(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG) && isSet()
                || tls != null && OF_TLS.contains(property)
                || login != null && OF_LOGIN.contains(property);
        if (ours) {
            throw new ConfigurationException(
                    property, "***", "is given as a property and by tls(…) or a login as well", "Use one of the two");
        }
    }

    /** Reads the files of TLS, each time: so a new client gets renewed certificates. */
    Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        if (isSet()) {
            properties.put(CommonClientConfigs.SECURITY_PROTOCOL_CONFIG, protocol());
        }
        if (tls != null) {
            properties.putAll(TlsFiles.properties(tls));
        }
        if (login != null) {
            properties.putAll(login.properties());
        }
        return properties;
    }

    @Override
    public String toString() {
        return (tls == null ? "" : ", " + tls) + (login == null ? "" : ", " + login);
    }
}
