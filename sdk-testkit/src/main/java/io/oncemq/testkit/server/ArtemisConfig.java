package io.oncemq.testkit.server;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The configuration file of a broker: what {@code artemis create} writes, with small files and one acceptor on the loopback address. */
final class ArtemisConfig {
    private static final String FILE = """
            <configuration xmlns="urn:activemq">
              <core xmlns="urn:activemq:core">
            %s
                <acceptors>
            %s
                </acceptors>
            %s
                <address-settings>
                  <address-setting match="#">
            %s
                  </address-setting>
                </address-settings>
                <addresses>
                  <address name="DLQ"><anycast><queue name="DLQ"/></anycast></address>
                  <address name="ExpiryQueue"><anycast><queue name="ExpiryQueue"/></anycast></address>
                </addresses>
              </core>
            </configuration>
            """;

    private final Map<String, String> core = new LinkedHashMap<>();
    private final Map<String, String> addresses = new LinkedHashMap<>();
    private String pair = "";

    ArtemisConfig() {
        core.put("name", "oncemq");
        core.put("persistence-enabled", "true");
        core.put("journal-type", "NIO");
        core.put("journal-file-size", "1M");
        core.put("journal-min-files", "2");
        core.put("journal-pool-files", "4");
        // What artemis create writes for a quick disk; the default lets each confirm wait for 3.3 ms.
        core.put("journal-buffer-timeout", "200000");
        core.put("security-enabled", "false");
        // A disk that others have filled would stop publishers.
        core.put("max-disk-usage", "100");
        // Of connections whose other end is silent; looked at twice a minute otherwise.
        core.put("connection-ttl-check-interval", "500");
        addresses.put("dead-letter-address", "DLQ");
        addresses.put("expiry-address", "ExpiryQueue");
        addresses.put("redelivery-delay", "0");
        addresses.put("max-delivery-attempts", "10");
        addresses.put("address-full-policy", "PAGE");
    }

    void core(String name, String value) {
        core.put(name, value);
    }

    void addresses(String name, String value) {
        addresses.put(name, value);
    }

    /** @param role {@code primary} or {@code backup}, of two brokers that share their data */
    void pair(String role) {
        pair = "    <ha-policy><shared-store><" + role + "/></shared-store></ha-policy>";
    }

    /** @param acceptors where it listens, by name */
    String text(Path data, Map<String, String> acceptors) {
        Map<String, String> all = new LinkedHashMap<>(core);
        all.put("journal-directory", data.resolve("journal").toString());
        all.put("bindings-directory", data.resolve("bindings").toString());
        all.put("paging-directory", data.resolve("paging").toString());
        all.put("large-messages-directory", data.resolve("large").toString());
        String listening = acceptors.entrySet().stream()
                .map(each ->
                        "      <acceptor name=\"" + each.getKey() + "\">" + escaped(each.getValue()) + "</acceptor>")
                .collect(Collectors.joining("\n"));
        String security = "true".equals(core.get("security-enabled")) ? ArtemisSecurity.settings() : "";
        return FILE.formatted(elements("    ", all), listening, security + pair, elements("        ", addresses));
    }

    private static String elements(String indent, Map<String, String> values) {
        return values.entrySet().stream()
                .map(each -> indent + "<" + each.getKey() + ">" + escaped(each.getValue()) + "</" + each.getKey() + ">")
                .collect(Collectors.joining("\n"));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }
}
