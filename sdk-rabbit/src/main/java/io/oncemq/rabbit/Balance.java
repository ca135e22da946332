package io.oncemq.rabbit;

/**
 * How the members of a group share its shards, though the broker gives each to the member that came first. Who is active on more than its
 * share gives the one it got last to the next in the broker's line, one per round. A given shard visits the members in the order of the
 * line until it meets one below the share. While some member is above it another is below, since the share times the members is at least
 * the number of shards: so giving ends, and who is at the share or below gives nothing. A member knows that it is active on a shard once a message
 * came; idle shards stay where they are until then.
 */
final class Balance {
    private Balance() {}

    /** The most shards that a member keeps. */
    static int share(int shards, int members) {
        return (shards + members - 1) / Math.max(1, members);
    }

    /** @param members how many there are, or 0 if that is not known */
    static boolean givesOne(int active, int shards, int members) {
        return members > 1 && active > share(shards, members);
    }
}
