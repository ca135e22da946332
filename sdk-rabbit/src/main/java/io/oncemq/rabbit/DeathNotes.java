package io.oncemq.rabbit;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Envelope;
import io.oncemq.DestinationSpec;
import io.oncemq.core.WireHeaders;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the server notes on a message that it moved from one queue to another by itself. A message whose delay is over bears such notes, too:
 * the application is shown none. Of a message in a group's dead letters they say what the engine says of its own.
 */
final class DeathNotes {
    private static final String NOTES = "x-death";
    private static final String OURS = "oncemq-dead-letter-";

    private DeathNotes() {}

    /** Whether a header is a note. */
    static boolean is(String name) {
        return name.equals(NOTES) || name.startsWith("x-first-death-") || name.startsWith("x-last-death-");
    }

    /** Whether a header tells of an earlier time among the dead letters. */
    static boolean isEarlierOrigin(String name) {
        return name.startsWith(OURS);
    }

    /** Origin and reason, by the names of {@link WireHeaders}, if the server has put the message among a group's dead letters; else empty. */
    static Map<String, Object> origin(Envelope envelope, BasicProperties properties) {
        Map<?, ?> newest = newest(properties);
        Object from = newest.get("exchange");
        String exchange = envelope.getExchange();
        String group = from == null || exchange == null ? null : group(from.toString(), exchange);
        if (from == null || group == null) {
            return Map.of();
        }
        Map<String, Object> origin = new LinkedHashMap<>();
        origin.put(WireHeaders.DEAD_LETTER_DESTINATION, RabbitNames.destination(from.toString()));
        origin.put(WireHeaders.DEAD_LETTER_GROUP, group);
        put(origin, WireHeaders.DEAD_LETTER_ID, properties.getMessageId());
        put(origin, WireHeaders.DEAD_LETTER_REASON, newest.get("reason"));
        put(origin, WireHeaders.DEAD_LETTER_TIME, newest.get("time"));
        return origin;
    }

    private static void put(Map<String, Object> origin, String name, @Nullable Object value) {
        if (value != null) {
            origin.put(name, value);
        }
    }

    private static Map<?, ?> newest(BasicProperties properties) {
        Map<String, Object> table = properties.getHeaders();
        return table != null
                        && table.get(NOTES) instanceof List<?> notes
                        && !notes.isEmpty()
                        && notes.get(0) instanceof Map<?, ?> newest
                ? newest
                : Map.of();
    }

    /** Whose dead letters of a destination these are, or null if they are nobody's. */
    private static @Nullable String group(String from, String deadLetters) {
        return DestinationSpec.deadLetterGroup(RabbitNames.destination(from), RabbitNames.destination(deadLetters));
    }
}
