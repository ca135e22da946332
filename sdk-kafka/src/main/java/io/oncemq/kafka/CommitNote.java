package io.oncemq.kafka;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * What a commit notes beside its offset: {@code oncemq/1 topic=<id>}, and for a group that did not start at the earliest
 * {@code latest=<partitions>@<epoch millis>}, which tells a partition that was there when the group started from one that was
 * added later.
 *
 * @param topic the topic's id
 * @param partitions how many there were at the group's first start, or 0 if it started at the earliest
 * @param since when that was, or the earlier time at which the group was to start, in epoch milliseconds
 */
record CommitNote(String topic, int partitions, long since) {
    private static final Pattern FORM = Pattern.compile("oncemq/1 topic=(\\S+)(?: latest=(\\d{1,9})@(\\d{1,18}))?");

    static CommitNote of(String topic) {
        return new CommitNote(topic, 0, 0);
    }

    /** Null if there is no commit, or another program wrote it. */
    static @Nullable CommitNote read(@Nullable OffsetAndMetadata committed) {
        if (committed == null || committed.metadata() == null) {
            return null;
        }
        Matcher matcher = FORM.matcher(committed.metadata());
        if (!matcher.matches()) {
            return null;
        }
        String partitions = matcher.group(2);
        return partitions == null
                ? of(matcher.group(1))
                : new CommitNote(matcher.group(1), Integer.parseInt(partitions), Long.parseLong(matcher.group(3)));
    }

    boolean startedLate() {
        return partitions > 0;
    }

    String text() {
        return "oncemq/1 topic=" + topic + (startedLate() ? " latest=" + partitions + "@" + since : "");
    }
}
