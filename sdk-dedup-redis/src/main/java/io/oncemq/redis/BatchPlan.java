package io.oncemq.redis;

import io.oncemq.spi.KeyHash;
import io.oncemq.spi.StoreCommand;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Divides a batch into script calls. A round holds at most one call per shard: were two calls of a shard under way together,
 * the second could take effect although the first has to be repeated, and commands of one record would change places.
 */
final class BatchPlan {
    /** A call of this size keeps the server for about 1 ms. */
    static final int MOST_PER_CALL = 500;

    private BatchPlan() {}

    static List<List<ShardCall>> rounds(List<StoreCommand> commands, int shards) {
        int[][] byShard = byShard(commands, shards);
        List<List<ShardCall>> rounds = new ArrayList<>();
        for (int from = 0; ; from += MOST_PER_CALL) {
            List<ShardCall> round = new ArrayList<>(shards);
            for (int shard = 0; shard < shards; shard++) {
                int[] positions = byShard[shard];
                if (from < positions.length) {
                    int to = Math.min(positions.length, from + MOST_PER_CALL);
                    round.add(new ShardCall(shard, Arrays.copyOfRange(positions, from, to)));
                }
            }
            if (round.isEmpty()) {
                return rounds;
            }
            rounds.add(round);
        }
    }

    private static int[][] byShard(List<StoreCommand> commands, int shards) {
        int[] sizes = new int[shards];
        int[] shardOf = new int[commands.size()];
        for (int i = 0; i < shardOf.length; i++) {
            shardOf[i] = KeyHash.place(commands.get(i).id().keyHash(), shards);
            sizes[shardOf[i]]++;
        }
        int[][] positions = new int[shards][];
        for (int shard = 0; shard < shards; shard++) {
            positions[shard] = new int[sizes[shard]];
        }
        int[] next = new int[shards];
        for (int i = 0; i < shardOf.length; i++) {
            positions[shardOf[i]][next[shardOf[i]]++] = i;
        }
        return positions;
    }
}
