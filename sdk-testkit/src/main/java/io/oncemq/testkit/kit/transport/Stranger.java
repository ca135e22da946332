package io.oncemq.testkit.kit.transport;

import java.util.Map;

/**
 * A message that a foreign producer wrote with the broker's own client. Its header {@link #NAME} is its name.
 *
 * @param name its body, too, if it has one of text
 * @param handled whether its body is text and reaches the handler; any other becomes a dead letter
 * @param headers that the handler finds as text, or the dead letter has, beside others
 */
public record Stranger(String name, boolean handled, Map<String, String> headers) {
    /** The header that a foreign message is known by. */
    public static final String NAME = "stranger";

    public Stranger {
        headers = Map.copyOf(headers);
    }

    /** One with a body of text, and with headers of which nothing is expected. */
    public static Stranger handled(String name) {
        return new Stranger(name, true, Map.of());
    }

    /** The same, with these headers. */
    public static Stranger handled(String name, Map<String, String> headers) {
        return new Stranger(name, true, headers);
    }

    /** One whose body cannot be converted. */
    public static Stranger deadLettered(String name, Map<String, String> headers) {
        return new Stranger(name, false, headers);
    }
}
