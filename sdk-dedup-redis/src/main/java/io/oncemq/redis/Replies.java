package io.oncemq.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/** Reads what servers answer to questions about themselves. */
final class Replies {
    private Replies() {}

    static String text(Object reply) {
        return reply instanceof byte[] bytes ? new String(bytes, UTF_8) : String.valueOf(reply);
    }

    static List<Object> list(Object reply) {
        return reply instanceof List<?> items ? new ArrayList<>(items) : List.of();
    }

    /** Lines of {@code name:value}. */
    static Map<String, String> fields(Object reply) {
        Map<String, String> fields = new HashMap<>();
        for (String line : text(reply).split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(line.substring(0, colon), line.substring(colon + 1));
            }
        }
        return fields;
    }

    /** A list of names and values in turns. */
    static Map<String, String> pairs(Object reply) {
        List<Object> items = list(reply);
        Map<String, String> pairs = new HashMap<>();
        for (int i = 0; i + 1 < items.size(); i += 2) {
            pairs.put(text(items.get(i)), text(items.get(i + 1)));
        }
        return pairs;
    }

    static Map<String, String> info(Connection connection) {
        return fields(connection.executeCommand(new CommandArguments(Command.INFO)));
    }
}
