package io.oncemq.redis;

import io.oncemq.AuthenticationException;
import io.oncemq.ConfigurationException;
import io.oncemq.ConnectionException;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreAnswer.Kind;
import io.oncemq.spi.StoreCommand;
import io.oncemq.spi.StoreUnavailableException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisMovedDataException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.exceptions.JedisRedirectionException;
import redis.clients.jedis.util.JedisClusterCRC16;

/**
 * The claims of one group: one script call per shard, and all shards in one round trip, whichever servers they live on. A shard
 * whose server fails or sends the call elsewhere leaves its commands UNKNOWN and does not disturb the others. Thread-safe.
 */
final class RedisClaims implements ClaimStore {
    private static final Logger LOG = LoggerFactory.getLogger(RedisClaims.class);
    /** How often the layout of an instance is extended within the time to remember; one may be missed, or two. */
    private static final int EXTENSIONS = 4;

    private final Topology topology;
    private final GroupSettings settings;
    private final RedisOptions options;
    private final byte[][] keys;
    private final int[] slots;
    private final ShardMarks marks;
    private final GroupLayout layout;
    private final LongSupplier ticker;
    /** When the layout of an instance was extended last. */
    private final AtomicLong extended;

    private final AtomicInteger dataLosses = new AtomicInteger();

    /**
     * @param known whether every shard of the group is known to have been opened before
     * @param layout which may be lost as well
     * @param ticker monotonic nanoseconds
     */
    RedisClaims(
            Topology topology,
            GroupSettings settings,
            RedisOptions options,
            String group,
            boolean known,
            GroupLayout layout,
            LongSupplier ticker) {
        this.topology = topology;
        this.settings = settings;
        this.options = options;
        int shards = options.shards();
        this.marks = new ShardMarks(shards, known, settings, ticker);
        this.layout = layout;
        this.ticker = ticker;
        this.extended = new AtomicLong(ticker.getAsLong());
        this.keys = new byte[shards][];
        this.slots = new int[shards];
        for (int shard = 0; shard < shards; shard++) {
            keys[shard] = RedisKeys.meta(options.keyPrefix(), group, shard);
            slots[shard] = JedisClusterCRC16.getSlot(keys[shard]);
        }
    }

    @Override
    public List<StoreAnswer> apply(List<StoreCommand> commands) {
        if (commands.isEmpty()) {
            return List.of();
        }
        if (settings.instance()) {
            extendInTime();
        }
        Batch batch = new Batch(commands);
        List<StoreAnswer> answers = batch.run(BatchPlan.rounds(commands, keys.length));
        if (batch.lost) {
            dataLost();
        }
        return answers;
    }

    /**
     * Sees to it that every shard has a marker, before anything is claimed.
     *
     * @return whether every shard has answered
     */
    boolean open() {
        if (look().lost) {
            dataLosses.incrementAndGet();
        }
        return marks.complete();
    }

    /** A server's loss concerns all its shards: they shall wait from now on, and it counts once. */
    private void dataLost() {
        restoreLayout();
        dataLosses.incrementAndGet();
    }

    /** The layout of an instance would end while it is in use. */
    private void extendInTime() {
        long last = extended.get();
        long now = ticker.getAsLong();
        if (now - last > settings.rememberFor().toNanos() / EXTENSIONS && extended.compareAndSet(last, now)) {
            if (restoreLayout()) {
                dataLosses.incrementAndGet();
            }
        }
    }

    /** Calls every shard, and then writes the layout. @return whether a loss of data was found */
    private boolean restoreLayout() {
        boolean lost = false;
        try {
            long end = layout.nextEnd();
            Batch batch = look();
            lost = batch.lost;
            if (batch.uncertain.isEmpty() || !settings.instance()) {
                layout.require(end);
                layout.opened(end);
            }
        } catch (StoreUnavailableException | ConnectionException | AuthenticationException e) {
            LOG.debug("the other shards report their loss by themselves", e);
        } catch (ConfigurationException e) {
            // The next loss writes the layout again; another layout ends the group.
            if (!Rights.isAbout(e)) {
                throw e;
            }
            LOG.warn("the layout of a group is not written again: cause={}", e.getMessage());
        }
        return lost;
    }

    private Batch look() {
        Batch batch = new Batch(List.of());
        batch.run(List.of(IntStream.range(0, keys.length)
                .mapToObj(shard -> new ShardCall(shard, new int[0]))
                .toList()));
        return batch;
    }

    @Override
    public int dataLosses() {
        return dataLosses.get();
    }

    @Override
    public void close() {}

    /** One call of {@link #apply}. */
    private final class Batch {
        private final List<StoreCommand> commands;
        private final long began = ticker.getAsLong();
        private final StoreAnswer[] answers;
        private final BitSet uncertain = new BitSet();
        private boolean answered;
        private boolean lost;
        private @Nullable StoreUnavailableException trouble;

        Batch(List<StoreCommand> commands) {
            this.commands = commands;
            this.answers = new StoreAnswer[commands.size()];
            Arrays.fill(answers, StoreAnswer.of(Kind.UNKNOWN));
        }

        /** @throws StoreUnavailableException if nothing was answered, for a reason that a repetition will not find gone at once */
        List<StoreAnswer> run(List<List<ShardCall>> rounds) {
            topology.refresh();
            rounds.forEach(this::runRound);
            if (!answered && trouble != null) {
                throw trouble;
            }
            return Arrays.asList(answers);
        }

        /**
         * A shard whose call did not succeed is left alone by later rounds, so that its commands keep their order. What met a
         * connection that had been closed while it lay idle is repeated on a new one, once every other connection is given back.
         */
        private void runRound(List<ShardCall> round) {
            List<ShardCall> again = send(round, false);
            if (!again.isEmpty()) {
                send(again, true);
            }
        }

        /** @return the calls that met a connection which had been closed while it lay idle */
        private List<ShardCall> send(List<ShardCall> round, boolean again) {
            Map<Connections, List<ShardCall>> byServer = new TreeMap<>(Connections.IN_TURN);
            for (ShardCall call : round) {
                if (!uncertain.get(call.shard())) {
                    place(call, byServer);
                }
            }
            List<Leg> legs = new ArrayList<>(byServer.size());
            boolean several = byServer.size() > 1;
            List<ShardCall> lapsed = new ArrayList<>(0);
            try {
                byServer.forEach((server, calls) -> begin(server, calls, several, again, legs));
                for (Leg leg : legs) {
                    end(leg, lapsed);
                }
            } finally {
                legs.forEach(Leg::abandon);
            }
            return lapsed;
        }

        private void place(ShardCall call, Map<Connections, List<ShardCall>> byServer) {
            try {
                byServer.computeIfAbsent(topology.serving(slots[call.shard()]), server -> new ArrayList<>())
                        .add(call);
            } catch (StoreUnavailableException e) {
                failed(List.of(call), e);
            }
        }

        private void begin(Connections server, List<ShardCall> calls, boolean several, boolean again, List<Leg> legs) {
            if (several && server.resting()) {
                topology.doubt(server);
                failed(calls, new StoreUnavailableException(server.address() + " did not answer a moment ago", null));
                return;
            }
            try {
                Leg leg = new Leg(server, calls, several, again);
                legs.add(leg);
                leg.send(
                        call -> keys[call.shard()],
                        call -> call.encode(settings, marks.of(call.shard()), commands, again));
            } catch (StoreUnavailableException e) {
                topology.doubt(server);
                failed(calls, e);
            } catch (JedisDataException refusal) {
                topology.doubt(server);
                failed(calls, refused(refusal));
            }
        }

        private void end(Leg leg, List<ShardCall> lapsed) {
            try {
                take(leg, leg.replies());
            } catch (StoreUnavailableException e) {
                if (leg.lapsed()) {
                    lapsed.addAll(leg.calls());
                    return;
                }
                topology.doubt(leg.server());
                failed(leg.calls(), e);
            }
        }

        private void take(Leg leg, List<Object> replies) {
            List<ShardCall> calls = leg.calls();
            for (int i = 0; i < calls.size(); i++) {
                ShardCall call = calls.get(i);
                if (replies.get(i) instanceof byte[] packed) {
                    lost |= marks.tellsOfLoss(call.shard(), call.decode(packed, answers), began);
                    answered = true;
                } else if (replies.get(i) instanceof JedisDataException error) {
                    LOG.debug("shard {} at {}: {}", call.shard(), leg.server().address(), error.getMessage());
                    redirected(leg.server(), call, error);
                }
            }
        }

        private void redirected(Connections server, ShardCall call, JedisDataException error) {
            uncertain.set(call.shard());
            if (error instanceof JedisMovedDataException moved) {
                topology.moved(slots[call.shard()], moved.getTargetNode(), server);
            } else if (!passing(error)) {
                topology.doubt(server);
                failed(List.of(call), refused(error));
            }
        }

        private void failed(List<ShardCall> calls, StoreUnavailableException reason) {
            calls.forEach(call -> uncertain.set(call.shard()));
            trouble = reason;
        }
    }

    private StoreUnavailableException refused(JedisDataException refusal) {
        String error = String.valueOf(refusal.getMessage());
        String why = Rights.isMissing(error) ? Rights.lost(options, error) : error;
        return new StoreUnavailableException("the server refuses: " + why, refusal);
    }

    /**
     * What a repetition may find cured within moments: a slot on its way, a script that was flushed again. The script cannot tell a
     * slot on its way from a right to EXISTS that is missing.
     */
    private static boolean passing(JedisDataException error) {
        String text = String.valueOf(error.getMessage());
        return error instanceof JedisRedirectionException
                || error instanceof JedisNoScriptException
                || (text.startsWith("TRYAGAIN") && !Rights.isMissing(text));
    }
}
