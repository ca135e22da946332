package io.oncemq.rabbit;

import io.oncemq.Ordering;
import java.time.Duration;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a destination consists of on the broker. Messages go to a direct exchange of the destination's name under the routing key
 * {@code shard/shards}, so that a publisher which counts shards otherwise reaches nobody instead of the wrong shard. Each group has a
 * queue per shard bound to it, or a single one bound to all where it asks for no order. An exchange per shard, to which nothing is bound,
 * only says by its existence that the shard does.
 *
 * <p>No two of these names are the same, whatever users call destinations and groups: a character that would make one look like another is
 * written as {@code %} and two hexadecimal digits. In a group that is {@code %} and the full stop, and the first character of a group
 * that is a number or one of the words used here; in a destination it is {@code %}, and the last full stop of one that ends as the exchange
 * of a shard or a delay does. Ordinary names stay as they are.
 */
final class RabbitNames {
    private static final Pattern OURS = Pattern.compile("[0-9]+|history|delay|members|shard|lock");
    private static final Pattern EXCHANGE_LIKE = Pattern.compile("(.*\\.(?:shard|delay))\\.([0-9]+)", Pattern.DOTALL);
    private static final Pattern ESCAPE = Pattern.compile("%([0-9A-F]{2})");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private RabbitNames() {}

    static String exchange(String destination) {
        String written = destination.replace("%", "%25");
        Matcher like = EXCHANGE_LIKE.matcher(written);
        return like.matches() ? like.group(1) + "%2E" + like.group(2) : written;
    }

    /** The destination of an exchange; another program's exchange stands for itself. */
    static String destination(String exchange) {
        String read = ESCAPE.matcher(exchange)
                .replaceAll(
                        code -> Matcher.quoteReplacement(Character.toString(HexFormat.fromHexDigits(code.group(1)))));
        return exchange(read).equals(exchange) ? read : exchange;
    }

    private static String part(String group) {
        String written = group.replace("%", "%25").replace(".", "%2E");
        return OURS.matcher(written).matches()
                ? "%" + HEX.toHexDigits((byte) written.charAt(0)) + written.substring(1)
                : written;
    }

    static String routingKey(int shard, int shards) {
        return shard + "/" + shards;
    }

    static String shardMarker(String destination, int shard) {
        return exchange(destination) + ".shard." + shard;
    }

    /** The queue of one shard of a group that keeps order per key. */
    static String queue(String destination, String group, int shard) {
        return sharedQueue(destination, group) + "." + shard;
    }

    /** The queue for which the members of a group compete, see {@link Ordering#UNORDERED}. */
    static String sharedQueue(String destination, String group) {
        return exchange(destination) + "." + part(group);
    }

    /** The stream in which a shard's messages stay when the groups have read them. */
    static String history(String destination, int shard) {
        return exchange(destination) + ".history." + shard;
    }

    /** An exclusive queue: whose connection has it may replay that history for that reader. */
    static String replayLock(String history, String reader) {
        return history + "." + part(reader) + ".lock";
    }

    /** An exclusive queue: whose connection has it may create the destination. */
    static String creationLock(String destination) {
        return exchange(destination) + ".lock";
    }

    /** Exchange and queue of the messages that wait for so long before they go to the destination's exchange. */
    static String delay(String destination, Duration delay) {
        return exchange(destination) + ".delay." + delay.toMillis();
    }

    /** On which each member of a group has a consumer, and nothing is ever published: the broker counts the members there. */
    static String members(String destination, String group) {
        return sharedQueue(destination, group) + ".members";
    }
}
