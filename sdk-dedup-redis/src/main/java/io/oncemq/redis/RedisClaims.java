package io.oncemq.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.exceptions.JedisRedirectionException;

/** The claims of one group: one script call per shard, all shards in one round trip. Thread-safe. */
final class RedisClaims implements ClaimStore {
    private static final Logger LOG = LoggerFactory.getLogger(RedisClaims.class);
    private static final byte[] ONE = {'1'};
    private static final byte[] LOAD = "LOAD".getBytes(UTF_8);

    private final Connections connections;
    private final GroupSettings settings;
    private final byte[][] keys;

    RedisClaims(Connections connections, GroupSettings settings, String keyPrefix, String group, int shards) {
        this.connections = connections;
        this.settings = settings;
        this.keys = new byte[shards][];
        for (int shard = 0; shard < shards; shard++) {
            keys[shard] = ("{" + keyPrefix + ":" + group + ":" + shard + "}m").getBytes(UTF_8);
        }
    }

    @Override
    public List<StoreAnswer> apply(List<StoreCommand> commands) {
        if (commands.isEmpty()) {
            return List.of();
        }
        StoreAnswer[] answers = new StoreAnswer[commands.size()];
        Arrays.fill(answers, StoreAnswer.of(Kind.UNKNOWN));
        try {
            connections.use(connection -> {
                runAll(connection, commands, answers);
                return answers;
            });
        } catch (JedisDataException refusal) {
            throw new StoreUnavailableException("the server refuses: " + refusal.getMessage(), refusal);
        }
        return Arrays.asList(answers);
    }

    private void runAll(Connection connection, List<StoreCommand> commands, StoreAnswer[] answers) {
        BitSet uncertain = new BitSet();
        for (List<ShardCall> round : BatchPlan.rounds(commands, keys.length)) {
            List<ShardCall> calls =
                    round.stream().filter(call -> !uncertain.get(call.shard())).toList();
            run(connection, calls, commands, answers, uncertain);
        }
    }

    /** A shard whose call did not succeed is left alone by later rounds, so that its commands keep their order. */
    private void run(
            Connection connection,
            List<ShardCall> calls,
            List<StoreCommand> commands,
            StoreAnswer[] answers,
            BitSet uncertain) {
        List<Object> replies = exchange(connection, calls, commands);
        List<ShardCall> missing = new ArrayList<>();
        for (int i = 0; i < calls.size(); i++) {
            if (replies.get(i) instanceof JedisNoScriptException) {
                missing.add(calls.get(i));
            }
        }
        if (!missing.isEmpty()) {
            connection.executeCommand(
                    new CommandArguments(Command.SCRIPT).add(LOAD).add(ClaimScript.TEXT));
            List<Object> again = exchange(connection, missing, commands);
            for (int i = 0; i < missing.size(); i++) {
                replies.set(calls.indexOf(missing.get(i)), again.get(i));
            }
        }
        take(calls, replies, answers, uncertain);
    }

    private List<Object> exchange(Connection connection, List<ShardCall> calls, List<StoreCommand> commands) {
        for (ShardCall call : calls) {
            connection.sendCommand(
                    Command.EVALSHA, ClaimScript.SHA1, ONE, keys[call.shard()], call.encode(settings, commands));
        }
        return connection.getMany(calls.size());
    }

    private static void take(List<ShardCall> calls, List<Object> replies, StoreAnswer[] answers, BitSet uncertain) {
        JedisDataException refusal = null;
        int refused = 0;
        for (int i = 0; i < calls.size(); i++) {
            Object reply = replies.get(i);
            if (reply instanceof byte[] packed) {
                calls.get(i).decode(packed, answers);
            } else {
                uncertain.set(calls.get(i).shard());
                if (reply instanceof JedisDataException error) {
                    LOG.debug("shard {} answered: {}", calls.get(i).shard(), error.getMessage());
                    if (!passing(error)) {
                        refusal = error;
                        refused++;
                    }
                }
            }
        }
        if (refusal != null && refused == calls.size()) {
            throw new StoreUnavailableException("the server refuses: " + refusal.getMessage(), refusal);
        }
    }

    /** What a repetition may find cured within moments: a slot on its way, a script that was flushed again. */
    private static boolean passing(JedisDataException error) {
        String message = String.valueOf(error.getMessage());
        return error instanceof JedisRedirectionException
                || error instanceof JedisNoScriptException
                || message.startsWith("TRYAGAIN");
    }

    @Override
    public void close() {}
}
