package io.oncemq.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.SetParams;

/**
 * The best that an application reaches by hand with plain Redis commands: for each batch one pipeline of SET NX, then the
 * handlers, then one pipeline of SET done. It has no renewal, no fencing, no retry, and takes a key that another process
 * holds for a duplicate. Not thread-safe.
 */
final class PipelinedDedupe implements IdStep, AutoCloseable {
    static final byte[] CLAIMED = {'C'};
    static final byte[] DONE = {'D'};
    static final SetParams CLAIM =
            SetParams.setParams().nx().px(Duration.ofSeconds(30).toMillis());
    static final SetParams REMEMBER =
            SetParams.setParams().px(Duration.ofDays(1).toMillis());

    private final Jedis jedis;
    private final String prefix;

    PipelinedDedupe(Jedis jedis, String group) {
        this.jedis = jedis;
        this.prefix = group + ":";
    }

    @Override
    public int handle(int count, Supplier<List<String>> ids) {
        List<byte[]> keys = new ArrayList<>(count);
        List<Response<@Nullable String>> claims = new ArrayList<>(count);
        Pipeline claiming = jedis.pipelined();
        for (String id : ids.get()) {
            byte[] key = (prefix + id).getBytes(UTF_8);
            keys.add(key);
            claims.add(claiming.set(key, CLAIMED, CLAIM));
        }
        claiming.sync();
        int handled = 0;
        Pipeline completing = jedis.pipelined();
        for (int i = 0; i < keys.size(); i++) {
            if (claims.get(i).get() != null) {
                completing.set(keys.get(i), DONE, REMEMBER);
                handled++;
            }
        }
        completing.sync();
        return handled;
    }

    @Override
    public void close() {
        jedis.close();
    }
}
