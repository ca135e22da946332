package io.oncemq.spring;

import io.oncemq.ConfigurationException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The broker URL of Boot's connection details for ActiveMQ: one address or several, such as {@code tcp://host:61616} or {@code
 * failover:(ssl://a:61617,ssl://b:61617)}. An option that OnceMQ does not take over is refused by name, since it may be a security setting.
 *
 * @param source the details
 * @param encrypted whether it asks for TLS
 */
record BrokerUrl(String source, String addresses, boolean encrypted) {
    private static final Pattern FAILOVER = Pattern.compile("^failover:(//)?");
    private static final Pattern ADDRESS = Pattern.compile("(tcp|nio|ssl|nio\\+ssl)://([^/@]+)/?");
    private static final String TLS_OPTION = "sslEnabled";

    static BrokerUrl of(String source, String url) {
        List<String> addresses = new ArrayList<>();
        Set<Boolean> encrypted = new LinkedHashSet<>();
        boolean asked = false;
        for (String part : FAILOVER.matcher(url.strip()).replaceFirst("").split("[(),]")) {
            int query = part.indexOf('?');
            asked |= query >= 0 && asksForTls(source, part.substring(query + 1));
            String address = query < 0 ? part : part.substring(0, query);
            if (!address.isBlank()) {
                Matcher known = ADDRESS.matcher(address.strip());
                if (!known.matches()) {
                    throw refused(
                            source, "(a broker URL)", "has an address that is not tcp://host:port or ssl://host:port");
                }
                addresses.add(known.group(2));
                encrypted.add(known.group(1).endsWith("ssl"));
            }
        }
        if (addresses.isEmpty() || (encrypted.size() > 1 && !asked)) {
            throw refused(
                    source,
                    "(a broker URL)",
                    addresses.isEmpty() ? "names no address" : "names addresses with and without TLS");
        }
        return new BrokerUrl(source, String.join(",", addresses), asked || encrypted.contains(true));
    }

    private static boolean asksForTls(String source, String query) {
        boolean asked = false;
        for (String option : query.split("[&;]")) {
            String name = option.split("=", 2)[0];
            if (!option.isBlank() && !name.equals(TLS_OPTION)) {
                throw refused(source, "option " + name, "is not taken over by OnceMQ");
            }
            asked |= option.equalsIgnoreCase(TLS_OPTION + "=true");
        }
        return asked;
    }

    private static ConfigurationException refused(String source, String what, String problem) {
        return new ConfigurationException(
                source,
                what,
                problem,
                "Declare an OnceMqConnectionDetails bean that names the broker, and set its options by properties");
    }

    TlsSettings encryption(TlsSettings tls) {
        return encrypted ? tls.requiredBy(source) : tls;
    }
}
