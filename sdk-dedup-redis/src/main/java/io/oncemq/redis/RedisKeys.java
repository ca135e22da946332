package io.oncemq.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * The names of keys. All begin with <code>{prefix:</code>, then comes the group as one part: a colon, a brace and the percent sign in it are
 * written as {@code %} and two hexadecimal digits. So {@code app} with the group {@code b:c} and {@code app:b} with {@code c} have keys of
 * their own, and a pattern like <code>{prefix:group:*</code> is what one group needs.
 */
final class RedisKeys {
    private RedisKeys() {}

    /** The group's layout: a hash. */
    static byte[] layout(String prefix, String group) {
        return ("{" + prefix + ":" + part(group) + "}").getBytes(UTF_8);
    }

    /** The meta record of a shard; without its last letter, what every other key of the shard begins with. */
    static byte[] meta(String prefix, String group, int shard) {
        return ("{" + prefix + ":" + part(group) + ":" + shard + "}m").getBytes(UTF_8);
    }

    /** What a user's rights are tried on. No group is written so. */
    static byte[] rights(String prefix) {
        return ("{" + prefix + ":%rights}").getBytes(UTF_8);
    }

    private static String part(String group) {
        StringBuilder written = new StringBuilder(group.length() + 8);
        for (int i = 0; i < group.length(); i++) {
            char each = group.charAt(i);
            switch (each) {
                case '%' -> written.append("%25");
                case ':' -> written.append("%3A");
                case '{' -> written.append("%7B");
                case '}' -> written.append("%7D");
                default -> written.append(each);
            }
        }
        return written.toString();
    }
}
