package io.oncemq.bench;

import io.oncemq.testkit.server.KafkaServer;
import io.oncemq.testkit.server.RedisServer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.args.FlushMode;

/** One Kafka broker and one Redis, each a process of its own, for both sides of every comparison. */
final class Servers implements AutoCloseable {
    static final int PARTITIONS = 4;

    private final KafkaServer kafka;
    private final RedisServer redis;
    private final Admin admin;

    private Servers(KafkaServer kafka, RedisServer redis) {
        this.kafka = kafka;
        this.redis = redis;
        this.admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrap()));
    }

    /**
     * The broker keeps its session for long, since nobody kills it here: on a busy machine a short one lapses, and partitions
     * lose their leader in the middle of a run. Redis rewrites its log only when {@link #emptyRedis} asks for it: a rewrite that starts by itself in the middle of a
     * run would charge one side for the other's data.
     */
    static Servers start() {
        KafkaServer kafka = KafkaServer.builder()
                .asProcess()
                .benchmark()
                .config("broker.session.timeout.ms", 30_000)
                .config("broker.heartbeat.interval.ms", 2_000)
                .build();
        RedisServer redis = RedisServer.builder()
                .asProcess()
                .appendFsync(RedisServer.Fsync.EVERYSEC)
                .argument("auto-aof-rewrite-percentage", "0")
                .build();
        try {
            kafka.start();
            redis.start();
            return new Servers(kafka, redis);
        } catch (RuntimeException e) {
            kafka.close();
            redis.close();
            throw e;
        }
    }

    String bootstrap() {
        return kafka.bootstrap();
    }

    String redisUri() {
        return redis.uri();
    }

    Jedis redis() {
        return new Jedis("127.0.0.1", redis.port());
    }

    /** Creates a topic and waits until each partition's leader answers; a producer that is earlier can fail. */
    void createTopic(String topic) throws ExecutionException, InterruptedException {
        NewTopic created = new NewTopic(topic, PARTITIONS, (short) 1).configs(Map.of("file.delete.delay.ms", "1000"));
        admin.createTopics(List.of(created)).all().get();
        Map<TopicPartition, OffsetSpec> all = IntStream.range(0, PARTITIONS)
                .boxed()
                .collect(Collectors.toMap(i -> new TopicPartition(topic, i), i -> OffsetSpec.latest()));
        Waiting.until("the leaders of " + topic, () -> answers(all));
    }

    private boolean answers(Map<TopicPartition, OffsetSpec> partitions) {
        try {
            admin.listOffsets(partitions).all().get();
            return true;
        } catch (ExecutionException notYet) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void deleteTopic(String topic) throws ExecutionException, InterruptedException {
        admin.deleteTopics(List.of(topic)).all().get();
    }

    /** Forgets everything, also what the log holds of it. */
    void emptyRedis() {
        try (Jedis jedis = redis()) {
            jedis.flushAll(FlushMode.SYNC);
            jedis.bgrewriteaof();
            Waiting.until(
                    "the rewrite of the Redis log",
                    () -> info(jedis, "aof_rewrite_in_progress").equals("0"));
        }
    }

    long redisUsedMemory() {
        try (Jedis jedis = redis()) {
            return Long.parseLong(info(jedis, "used_memory"));
        }
    }

    String redisVersion() {
        try (Jedis jedis = redis()) {
            return info(jedis, "redis_version");
        }
    }

    private static String info(Jedis jedis, String field) {
        return jedis.info()
                .lines()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Redis says nothing of " + field));
    }

    @Override
    public void close() {
        admin.close();
        redis.close();
        kafka.close();
    }
}
