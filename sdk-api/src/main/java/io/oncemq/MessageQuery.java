package io.oncemq;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What to look for among the messages that a broker still has; see {@link MessagingClient#find}. Immutable. */
public final class MessageQuery {
    /** The property that is compared. */
    public enum By {
        /** The idempotency key. */
        ID,
        /** The ordering key. */
        KEY
    }

    private final By by;
    private final String value;

    private MessageQuery(By by, String value) {
        if (value.isBlank()) {
            throw new ConfigurationException("MessageQuery." + by, "''", "is blank", "Name what to look for");
        }
        this.by = by;
        this.value = value;
    }

    /**
     * Messages with this id, see {@link Delivery#id}. Several, if it was stored more than once.
     *
     * @throws ConfigurationException if it is blank
     */
    public static MessageQuery id(String id) {
        return new MessageQuery(By.ID, id);
    }

    /**
     * Messages with this ordering key.
     *
     * @throws ConfigurationException if it is blank
     */
    public static MessageQuery key(String key) {
        return new MessageQuery(By.KEY, key);
    }

    public By by() {
        return by;
    }

    /** Messages match where the property is equal to it, letter by letter. */
    public String value() {
        return value;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MessageQuery that && by == that.by && value.equals(that.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(by, value);
    }

    @Override
    public String toString() {
        return "MessageQuery[by=" + by + ", value=" + value + "]";
    }
}
