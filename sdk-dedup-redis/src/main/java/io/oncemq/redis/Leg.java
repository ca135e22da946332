package io.oncemq.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.spi.StoreUnavailableException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;
import redis.clients.jedis.exceptions.JedisConnectionException;
import redis.clients.jedis.exceptions.JedisNoScriptException;

/**
 * The calls of one round that go to one server, on one connection: sent together, answered together. The connection goes back
 * once the replies are read, or something failed. Used by one thread.
 */
final class Leg {
    private static final byte[] ONE = {'1'};
    private static final byte[] LOAD = "LOAD".getBytes(UTF_8);

    private final Connections server;
    private final List<ShardCall> calls;
    private final Connection connection;
    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> arguments = new ArrayList<>();
    private boolean open = true;

    /** @throws StoreUnavailableException if there is no connection to be had */
    Leg(Connections server, List<ShardCall> calls, boolean hasty) {
        this.server = server;
        this.calls = calls;
        this.connection = server.borrow(hasty);
    }

    Connections server() {
        return server;
    }

    List<ShardCall> calls() {
        return calls;
    }

    /** @throws StoreUnavailableException if the connection fails; then nothing is left to read */
    void send(Function<ShardCall, byte[]> key, Function<ShardCall, byte[]> argument) {
        try {
            for (ShardCall call : calls) {
                keys.add(key.apply(call));
                arguments.add(argument.apply(call));
                send(keys.size() - 1);
            }
            connection.getMany(0); // flushes
        } catch (JedisConnectionException e) {
            end(false);
            throw server.silent(e);
        }
    }

    private void send(int i) {
        connection.sendCommand(Command.EVALSHA, ClaimScript.SHA1, ONE, keys.get(i), arguments.get(i));
    }

    /**
     * The answers in the order of the calls; errors stand among them.
     *
     * @throws StoreUnavailableException if the connection failed, now or before
     */
    List<Object> replies() {
        if (!open) {
            throw new StoreUnavailableException(server.address() + " did not answer", null);
        }
        try {
            List<Object> replies = new ArrayList<>(connection.getMany(calls.size()));
            loadMissing(replies);
            end(true);
            return replies;
        } catch (JedisConnectionException e) {
            throw server.silent(e);
        } finally {
            end(false);
        }
    }

    /** A script that the server does not know did not run, so running it now repeats nothing. */
    private void loadMissing(List<Object> replies) {
        List<Integer> missing = new ArrayList<>();
        for (int i = 0; i < replies.size(); i++) {
            if (replies.get(i) instanceof JedisNoScriptException) {
                missing.add(i);
            }
        }
        if (missing.isEmpty()) {
            return;
        }
        connection.executeCommand(new CommandArguments(Command.SCRIPT).add(LOAD).add(ClaimScript.TEXT));
        missing.forEach(this::send);
        List<Object> again = connection.getMany(missing.size());
        for (int i = 0; i < missing.size(); i++) {
            replies.set(missing.get(i), again.get(i));
        }
    }

    private void end(boolean sound) {
        if (open) {
            open = false;
            server.giveBack(connection, sound);
        }
    }
}
