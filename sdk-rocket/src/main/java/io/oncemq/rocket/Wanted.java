package io.oncemq.rocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.ConfigurationException;
import io.oncemq.MessageFilter;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import org.apache.rocketmq.common.filter.ExpressionType;
import org.apache.rocketmq.common.message.MessageExt;
import org.apache.rocketmq.remoting.protocol.heartbeat.SubscriptionData;
import org.jspecify.annotations.Nullable;

/** Which messages a source wants, as its pulls say it. A broker knows of tags only their hash codes, so {@link #takes} looks again. Immutable. */
final class Wanted {
    static final Wanted ALL = new Wanted(null);

    private static final int MARK_BYTES = 8;

    private final @Nullable MessageFilter filter;
    private final Set<String> tags;

    private Wanted(@Nullable MessageFilter filter) {
        this.filter = filter;
        this.tags =
                filter == null || filter.kind() == MessageFilter.Kind.SQL ? Set.of() : Set.copyOf(filter.expressions());
    }

    /** @throws ConfigurationException if no message could have such a type as its tag */
    static Wanted of(@Nullable MessageFilter filter) {
        if (filter == null) {
            return ALL;
        }
        Wanted wanted = new Wanted(filter);
        for (String tag : wanted.tags) {
            if (!RocketRecords.isTag(tag)) {
                throw new ConfigurationException(
                        "filter",
                        filter,
                        "names the type '" + tag
                                + "', which is not a RocketMQ tag: a tag is one word without |, and not *",
                        "Filter by words, or with MessageFilter.sql(…) by a header");
            }
        }
        return wanted;
    }

    boolean isAll() {
        return filter == null;
    }

    boolean isSql() {
        return filter != null && filter.kind() == MessageFilter.Kind.SQL;
    }

    /** As a broker takes it, of the type {@link #language}. */
    String expression() {
        return filter == null ? SubscriptionData.SUB_ALL : String.join(" || ", filter.expressions());
    }

    String language() {
        return isSql() ? ExpressionType.SQL92 : ExpressionType.TAG;
    }

    /** Whether a message that the broker let through is meant. */
    boolean takes(MessageExt message) {
        String tag = message.getTags();
        return tags.isEmpty() || tag != null && tags.contains(tag);
    }

    /** Tells it from others, in hexadecimal digits; empty for all messages. */
    String mark() {
        if (filter == null) {
            return "";
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest(filter.toString().getBytes(UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, MARK_BYTES));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return filter == null ? "(none)" : filter.toString();
    }
}
