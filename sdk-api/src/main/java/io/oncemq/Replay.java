package io.oncemq;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A repeated reading of a destination for a group that has read it before. Its name identifies it: a start under the same name, after a
 * crash or in a second process, continues the same replay. Immutable.
 */
public final class Replay {
    /** What becomes of messages that the group has handled. */
    public enum Kind {
        /** They are handled once more, under a replay generation of their own. */
        AGAIN,
        /** They are suppressed; only what the group never handled is handled. */
        GAPS
    }

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final Kind kind;
    private final String name;
    private final StartPosition from;

    private Replay(Kind kind, String name, StartPosition from) {
        if (!NAME.matcher(name).matches()) {
            throw new ConfigurationException(
                    "replay.name",
                    name.isEmpty() ? "''" : name,
                    "is not a valid name of a replay",
                    "Use up to 64 letters, digits, dots, hyphens and underscores, such as 2026-11-repair");
        }
        if (from.equals(StartPosition.LATEST)) {
            throw new ConfigurationException(
                    "replay.from",
                    from,
                    "is after every message that could be replayed",
                    "Use StartPosition.EARLIEST or StartPosition.at(…)");
        }
        this.kind = kind;
        this.name = name;
        this.from = from;
    }

    /**
     * Handles every message once more. The name becomes the generation of the replay, a part of each message's scope: under one name a
     * message has effect once, however often the replay crashes and in however many processes it runs, and another name handles it again.
     * What handlers derive gets other ids than in the subscription and in every other replay, so that it has its effect downstream too.
     * A finished name that is started again handles the messages that arrived since.
     *
     * @param name 1 to 64 letters, digits, dots, hyphens and underscores; begins with a letter or a digit
     * @param from where it begins to read; not {@link StartPosition#LATEST}
     */
    public static Replay again(String name, StartPosition from) {
        return new Replay(Kind.AGAIN, name, from);
    }

    /**
     * Handles what the group never handled. Messages keep their scope, so everything that the idempotency store remembers is suppressed,
     * and what handlers derive gets the ids that it would have had. Refused where the start is before the store's memory: a
     * message that it has forgotten would count as a gap.
     */
    public static Replay gaps(String name, StartPosition from) {
        return new Replay(Kind.GAPS, name, from);
    }

    /**
     * The name of this replay for the broker and in events, for example {@code billing@replay.repair}. It is not the group's, whose positions
     * stay as they are.
     */
    public String reader(String group) {
        return group + GroupNames.MARK + (kind == Kind.AGAIN ? "replay." : "gaps.") + name;
    }

    /** What becomes of messages that the group has handled. */
    public Kind kind() {
        return kind;
    }

    public String name() {
        return name;
    }

    /** Where it begins to read. */
    public StartPosition from() {
        return from;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Replay that && kind == that.kind && name.equals(that.name) && from.equals(that.from);
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, name, from);
    }

    @Override
    public String toString() {
        return "Replay[kind=" + kind + ", name=" + name + ", from=" + from + "]";
    }
}
