package io.oncemq.kafka;

import io.oncemq.ConfigurationException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.config.SaslConfigs;
import org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule;
import org.apache.kafka.common.security.plain.PlainLoginModule;
import org.apache.kafka.common.security.scram.ScramLoginModule;

/** A SASL login as client properties. Immutable; prints no secret. */
final class Login {
    private static final AtomicLong SUPPLIERS = new AtomicLong();

    private final String mechanism;
    private final String user;
    private final Map<String, Object> properties;

    private Login(String mechanism, String user, Map<String, Object> properties) {
        this.mechanism = mechanism;
        this.user = user;
        this.properties = properties;
    }

    static Login plain(String user, String password) {
        return password("PLAIN", PlainLoginModule.class, user, password);
    }

    static Login scram(String mechanism, String user, String password) {
        return password(mechanism, ScramLoginModule.class, user, password);
    }

    /** Kafka shares one login among clients with equal JAAS texts, so each supplier gets a text of its own. */
    static Login bearer(Supplier<BearerToken> tokens) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put(
                SaslConfigs.SASL_JAAS_CONFIG,
                OAuthBearerLoginModule.class.getName() + " required supplier=\"" + SUPPLIERS.incrementAndGet() + "\";");
        properties.put(SaslConfigs.SASL_LOGIN_CALLBACK_HANDLER_CLASS, BearerLogin.class.getName());
        properties.put(BearerLogin.TOKENS, tokens);
        return new Login("OAUTHBEARER", "tokens", properties);
    }

    private static Login password(String mechanism, Class<?> module, String user, String password) {
        if (user.isEmpty()) {
            throw new ConfigurationException("user", "''", "is empty", "Give the name that the broker knows");
        }
        String jaas =
                module.getName() + " required username=\"" + quoted(user) + "\" password=\"" + quoted(password) + "\";";
        return new Login(mechanism, "user " + user, Map.of(SaslConfigs.SASL_JAAS_CONFIG, jaas));
    }

    /** As the JAAS text's reader takes it: it knows the escapes of Java's own strings. */
    private static String quoted(String text) {
        return text.replace("\\", "\\\\")
                .replace("\"", "\\\"")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }

    Map<String, Object> properties() {
        Map<String, Object> all = new LinkedHashMap<>(properties);
        all.put(SaslConfigs.SASL_MECHANISM, mechanism);
        return all;
    }

    @Override
    public String toString() {
        return mechanism + " as " + user;
    }
}
