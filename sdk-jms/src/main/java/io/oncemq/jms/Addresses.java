package io.oncemq.jms;

import io.oncemq.ConfigurationException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lists of brokers, {@code host:port,host:port}. */
final class Addresses {
    private static final Pattern ADDRESS =
            Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^\\s:@/;?&,\\[\\]]+)(?::(\\d{1,5}))?");
    private static final int MOST_PORTS = 65535;
    private static final int DEFAULT_PORT = 61616;

    private Addresses() {}

    /** Each as {@code host:port}. @param example what to write instead */
    static List<String> parse(String addresses, String example) {
        List<String> parsed = new ArrayList<>();
        for (String address : addresses.split(",", -1)) {
            parsed.add(parseOne(address.trim(), example));
        }
        return List.copyOf(parsed);
    }

    private static String parseOne(String text, String example) {
        Matcher address = ADDRESS.matcher(text);
        if (address.matches()) {
            String port = address.group(2);
            int number = port == null ? DEFAULT_PORT : Integer.parseInt(port);
            if (number > 0 && number <= MOST_PORTS) {
                return address.group(1) + ":" + number;
            }
        }
        throw new ConfigurationException(
                "addresses",
                text.indexOf('@') < 0 ? "'" + text + "'" : "***",
                "is not of the form host or host:port",
                "Write for example " + example);
    }
}
