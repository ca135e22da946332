package io.oncemq.testkit.server;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The secured listeners of a {@link KafkaServer}: their addresses, certificates and one user. The server's certificate names
 * {@code localhost} only. OAUTHBEARER is checked by Kafka's unsecured validator, which takes any well-formed token without a
 * signature: for tests only. Thread-safe.
 */
public final class KafkaSecurity {
    private static final String USER = "alice";
    private static final String PASSWORD = "alice-secret";
    private static final String MODULES = "org.apache.kafka.common.security.";
    private static final List<String> SCRAM = List.of("SCRAM-SHA-256", "SCRAM-SHA-512");

    private final TestCertificates certificates;
    private final Map<SecuredListener, Integer> ports = new EnumMap<>(SecuredListener.class);
    private final Map<SecuredListener, String> advertised = new EnumMap<>(SecuredListener.class);

    KafkaSecurity(Path folder) {
        certificates = TestCertificates.in(folder);
        for (SecuredListener each : SecuredListener.values()) {
            int port = FreePorts.reserve();
            ports.put(each, port);
            advertised.put(each, "localhost:" + port);
        }
    }

    /** What clients of a listener connect to: {@code localhost:port}, or the advertised address where it was set. */
    public synchronized String bootstrap(SecuredListener listener) {
        return address(advertised, listener);
    }

    /** The port that a listener is bound to, also while a proxy stands in front. */
    public int port(SecuredListener listener) {
        return address(ports, listener);
    }

    /** Makes the server name another address to the clients of a listener from its next start on, such as a proxy's. */
    public synchronized void advertise(SecuredListener listener, String host, int port) {
        advertised.put(listener, host + ":" + port);
    }

    /** The certificates that the server uses, and those for its clients. */
    public TestCertificates certificates() {
        return certificates;
    }

    /** The user that PLAIN and both SCRAM mechanisms know. */
    public String user() {
        return USER;
    }

    /** The user's password. */
    public String password() {
        return PASSWORD;
    }

    /**
     * What Kafka's own clients need to get in, but for the serializers: {@code bootstrap.servers}, {@code security.protocol},
     * {@code ssl.*}, and SCRAM-SHA-512 where the listener asks for a login.
     */
    public Map<String, Object> clientProperties(SecuredListener listener) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("bootstrap.servers", bootstrap(listener));
        properties.put("security.protocol", listener.protocol());
        if (listener.hasTls()) {
            properties.put("ssl.truststore.type", "PKCS12");
            properties.put("ssl.truststore.location", certificates.trustStore().toString());
            properties.put("ssl.truststore.password", certificates.password());
        }
        if (listener == SecuredListener.MUTUAL_TLS) {
            properties.put("ssl.keystore.type", "PKCS12");
            properties.put("ssl.keystore.location", certificates.clientStore().toString());
            properties.put("ssl.keystore.password", certificates.password());
            properties.put("ssl.key.password", certificates.password());
        }
        if (listener.hasSasl()) {
            properties.put("sasl.mechanism", "SCRAM-SHA-512");
            properties.put(
                    "sasl.jaas.config",
                    MODULES + "scram.ScramLoginModule required username=\"" + USER + "\" password=\"" + PASSWORD
                            + "\";");
        }
        return properties;
    }

    /** What is bound, in the form of the broker's {@code listeners}. */
    String listeners() {
        List<String> all = new ArrayList<>();
        ports.forEach((listener, port) -> all.add(listener + "://127.0.0.1:" + port));
        return String.join(",", all);
    }

    synchronized String advertisedListeners() {
        List<String> all = new ArrayList<>();
        advertised.forEach((listener, address) -> all.add(listener + "://" + address));
        return String.join(",", all);
    }

    /** The broker's settings. @param plain the protocol map of the other listeners */
    Map<String, String> config(String plain) {
        Map<String, String> config = new TreeMap<>();
        StringBuilder protocols = new StringBuilder(plain);
        for (SecuredListener each : SecuredListener.values()) {
            protocols.append(',').append(each).append(':').append(each.protocol());
            if (each.hasSasl()) {
                config.putAll(logins(each.prefix()));
            }
        }
        config.put("listener.security.protocol.map", protocols.toString());
        config.put("ssl.keystore.type", "PKCS12");
        config.put("ssl.keystore.location", certificates.serverStore().toString());
        config.put("ssl.keystore.password", certificates.password());
        config.put("ssl.key.password", certificates.password());
        config.put("ssl.truststore.type", "PKCS12");
        config.put("ssl.truststore.location", certificates.trustStore().toString());
        config.put("ssl.truststore.password", certificates.password());
        config.put(SecuredListener.MUTUAL_TLS.prefix() + "ssl.client.auth", "required");
        return config;
    }

    private static Map<String, String> logins(String prefix) {
        Map<String, String> config = new TreeMap<>();
        config.put(prefix + "sasl.enabled.mechanisms", "PLAIN,OAUTHBEARER," + String.join(",", SCRAM));
        config.put(
                prefix + "plain.sasl.jaas.config",
                MODULES + "plain.PlainLoginModule required user_" + USER + "=\"" + PASSWORD + "\";");
        config.put(prefix + "oauthbearer.sasl.jaas.config", MODULES + "oauthbearer.OAuthBearerLoginModule required;");
        config.put(prefix + "scram-sha-256.sasl.jaas.config", MODULES + "scram.ScramLoginModule required;");
        config.put(prefix + "scram-sha-512.sasl.jaas.config", MODULES + "scram.ScramLoginModule required;");
        return config;
    }

    /** Options for formatting the storage: SCRAM users must be known before the first login. */
    List<String> formatOptions() {
        List<String> options = new ArrayList<>();
        for (String mechanism : SCRAM) {
            options.add("--add-scram");
            options.add(mechanism + "=[name=" + USER + ",password=" + PASSWORD + "]");
        }
        return options;
    }

    void releasePorts() {
        ports.values().forEach(FreePorts::release);
    }

    private static <T> T address(Map<SecuredListener, T> addresses, SecuredListener listener) {
        T address = addresses.get(listener);
        if (address == null) {
            throw new IllegalStateException(listener + " has an address from the start");
        }
        return address;
    }
}
