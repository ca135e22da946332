package io.oncemq.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.ConfigurationException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Connection;
import redis.clients.jedis.Protocol.Command;

/** What a user of a server's access control list must be allowed to do, and how to find out whether it is. */
final class Rights {
    private static final String USER = "user";
    private static final String COMMANDS = "+evalsha +eval +time +get +set +exists +hget +hset +hsetnx +hdel +hlen"
            + " +pexpireat +info +config|get +ping +role +cluster|slots";

    private static final Pattern LINE = Pattern.compile("user_script: ?(\\d+)");
    private static final Pattern CALL = Pattern.compile("call\\('([A-Z]+)'");

    /** Every command of the claim script once, on keys that expire by themselves. Answers the first that is refused. */
    private static final byte[] TRIAL = """
            local key, hash = KEYS[1], KEYS[1] .. 'h'
            local steps = {
              {'TIME'}, {'EXISTS', key}, {'SET', key, '1', 'PX', '1000'}, {'GET', key}, {'HSETNX', hash, 'f', '1'},
              {'PEXPIREAT', hash, '4102444800000'}, {'HSET', hash, 'f', '2'}, {'HGET', hash, 'f'}, {'HLEN', hash},
              {'HDEL', hash, 'f'}
            }
            for _, step in ipairs(steps) do
              local answer = redis.pcall(unpack(step))
              if type(answer) == 'table' and answer.err then return {step[1], answer.err} end
            end
            return false
            """.getBytes(UTF_8);

    private Rights() {}

    /** @throws ConfigurationException if the user lacks a right of the script's; other troubles are left for later */
    static void check(Connection connection, byte[] key, RedisOptions options) {
        connection.executeCommand(
                new CommandArguments(Command.EVAL).add(TRIAL).add("1").key(key));
        List<Object> refused = Replies.list(connection.executeCommand(new CommandArguments(Command.EVALSHA)
                .add(ClaimScript.sha1(TRIAL))
                .add("1")
                .key(key)));
        if (refused.size() == 2) {
            String error = Replies.text(refused.get(1));
            if (isMissing(error)) {
                String about = error.contains("key") ? " keys like " + new String(key, UTF_8) : "";
                throw missing(options, Replies.text(refused.get(0)) + about + ": " + error);
            }
        }
    }

    /** Whether an error says that the user lacks a right. Each version says so in other words. */
    static boolean isMissing(@Nullable String error) {
        String text = String.valueOf(error).toLowerCase(Locale.ROOT);
        return text.contains("permission")
                || text.contains("noperm")
                || text.contains("executing the script can't")
                || text.contains("acl failure");
    }

    /** What a refusal means and what to do, for a user that lost a right while the store was in use. */
    static String lost(RedisOptions options, String error) {
        return String.valueOf(missing(options, command(error) + ": " + error).getMessage());
    }

    /** The command that a script was refused. Redis 6.2 names only the line on which the script called it. */
    private static String command(String error) {
        Matcher place = LINE.matcher(error);
        List<String> lines = new String(ClaimScript.TEXT, UTF_8).lines().toList();
        int line = place.find() ? Integer.parseInt(place.group(1)) : 0;
        Matcher called = CALL.matcher(line > 0 && line <= lines.size() ? lines.get(line - 1) : "");
        return called.find() ? called.group(1) : "see the error";
    }

    static boolean isAbout(ConfigurationException refusal) {
        return refusal.property().equals(USER);
    }

    static ConfigurationException missing(RedisOptions options, String what) {
        String user =
                options.login().user() == null ? "default" : options.login().user();
        return new ConfigurationException(
                USER,
                user,
                "lacks a right: " + what,
                "Allow it: ACL SETUSER " + user + " ~{" + options.keyPrefix() + ":* " + COMMANDS);
    }
}
