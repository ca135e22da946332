package io.oncemq.redis;

import io.oncemq.spi.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * The calls of one round that go to one server, on one connection: sent together, answered together. The connection goes back
 * once the replies are read, or something failed. Used by one thread.
 */
final class Leg {
    private static final byte[] ONE = {'1'};

    private final Connections server;
    private final List<ShardCall> calls;
    private final Lent lent;
    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> arguments = new ArrayList<>();
    private boolean open = true;
    private @Nullable StoreUnavailableException failure;

    /**
     * @param fresh whether no connection that lay idle will do
     * @throws StoreUnavailableException if there is no connection to be had
     */
    Leg(Connections server, List<ShardCall> calls, boolean hasty, boolean fresh) {
        this.server = server;
        this.calls = calls;
        this.lent = fresh ? server.borrowNew(hasty) : server.borrow(hasty);
    }

    Connections server() {
        return server;
    }

    List<ShardCall> calls() {
        return calls;
    }

    /** Whether it failed on a connection that lay idle: its calls, which may have been applied, shall be tried on a new one. */
    boolean lapsed() {
        return lent.lapsed();
    }

    /** If the connection fails, {@link #replies} tells. */
    void send(Function<ShardCall, byte[]> key, Function<ShardCall, byte[]> argument) {
        try {
            for (ShardCall call : calls) {
                keys.add(key.apply(call));
                arguments.add(argument.apply(call));
                send(Command.EVALSHA, ClaimScript.SHA1, keys.size() - 1);
            }
            lent.connection().getMany(0); // flushes
        } catch (JedisConnectionException e) {
            failure = failed(e);
        }
    }

    private void send(Command command, byte[] script, int i) {
        lent.connection().sendCommand(command, script, ONE, keys.get(i), arguments.get(i));
    }

    /**
     * The answers in the order of the calls; errors stand among them.
     *
     * @throws StoreUnavailableException if the connection failed, now or before
     */
    List<Object> replies() {
        if (failure != null) {
            throw failure;
        }
        try {
            List<Object> replies = new ArrayList<>(lent.connection().getMany(calls.size()));
            runUnknown(replies);
            end(true);
            return replies;
        } catch (JedisConnectionException e) {
            throw failed(e);
        } finally {
            end(false);
        }
    }

    /** Gives the connection up if it is still held. */
    void abandon() {
        if (open) {
            open = false;
            server.abandon(lent);
        }
    }

    private StoreUnavailableException failed(JedisConnectionException reason) {
        lent.failed(reason);
        end(false);
        return server.silent(reason);
    }

    /**
     * A script that the server does not know did not run, so running it now repeats nothing. Each call carries the whole text:
     * were the script loaded and called by its name, it could be flushed in between, again and again.
     */
    private void runUnknown(List<Object> replies) {
        List<Integer> missing = new ArrayList<>();
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i) instanceof JedisNoScriptException) {
                missing.add(i);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        missing.forEach(i -> send(Command.EVAL, ClaimScript.TEXT, i));
        List<Object> again = lent.connection().getMany(missing.size());
        for (int i = 0; i < missing.size(); i++) {
            replies.set(missing.get(i), again.get(i));
        }
    }

    private void end(boolean sound) {
        if (open) {
            open = false;
            server.giveBack(lent, sound);
        }
    }
}
