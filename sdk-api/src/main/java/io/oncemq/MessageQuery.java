package io.oncemq;

/**
 * What to look for among the messages that a broker still has; see {@link MessagingClient#find}.
 *
 * @param by the property that is compared
 * @param value equal to it, letter by letter
 */
public record MessageQuery(By by, String value) {
    /** The property that is compared. */
    public enum By {
        /** The idempotency key. */
        ID,
        /** The ordering key. */
        KEY
    }

    /** @throws ConfigurationException if the value is blank */
    public MessageQuery {
        if (value.isBlank()) {
            throw new ConfigurationException("MessageQuery." + by, "''", "is blank", "Name what to look for");
        }
    }

    /** Messages with this id, see {@link Delivery#id}. Several, if it was stored more than once. */
    public static MessageQuery id(String id) {
        return new MessageQuery(By.ID, id);
    }

    /** Messages with this ordering key. */
    public static MessageQuery key(String key) {
        return new MessageQuery(By.KEY, key);
    }
}
