package io.oncemq.core.consume;

import io.oncemq.Headers;
import io.oncemq.core.ExactText;
import io.oncemq.core.WireHeaders;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.KeyBytes;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.Shard;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads identities off incoming messages. Thread-safe.
 *
 * <p>An id, a scope or a source that is empty is absent. Bytes count as they are ({@link KeyBytes}): ids that differ in one byte, UTF-8
 * or not, are two ids, for one that was taken for another would be lost.
 *
 * <p>An id that is made from the broker's coordinates includes the destination's incarnation: a recreated topic counts its
 * offsets anew, and without it new messages would be taken for old ones and lost. Where the broker numbers nothing either, each
 * delivery is a message of its own: its name is never used again, lest what is derived from it is taken for something else.
 */
final class Identities {
    /**
     * A redrive counts from the generation before, so no honest one is higher. What a stranger wrote beyond is none: it would make every
     * later redrive of its message an old one.
     */
    static final int HIGHEST_GENERATION = 1_000_000;

    /** What stands where a broker's client could not decode an id; the original is no longer known. */
    private static final char REPLACEMENT = '\uFFFD';

    private final String ownScope;
    private final @Nullable String replay;
    private final String[] idHeaders;
    private final String[] sourceHeaders;
    private final String process = UUID.randomUUID().toString();
    private volatile Scope last = Scope.of("");

    /** A scope as it begins what is digested, which is the same for message after message. */
    private record Scope(String text, byte[] bytes) {
        static Scope of(String text) {
            byte[] exact = ExactText.bytes(text);
            return new Scope(
                    text,
                    ByteBuffer.allocate(4 + exact.length)
                            .putInt(exact.length)
                            .put(exact)
                            .array());
        }
    }

    /**
     * @param ownScope of messages that carry neither a scope nor a source
     * @param cloudEventsPrefixes what may stand before an attribute's name; an earlier one wins
     * @param replay the name that a replay adds to every scope, or null
     */
    Identities(String ownScope, List<String> cloudEventsPrefixes, @Nullable String replay) {
        this.ownScope = ownScope;
        this.replay = replay;
        this.idHeaders = names(cloudEventsPrefixes, WireHeaders.ID);
        this.sourceHeaders = names(cloudEventsPrefixes, WireHeaders.SOURCE);
    }

    Identity of(Shard shard, InboundMessage message) {
        Headers headers = message.headers();
        String id = first(headers, idHeaders);
        if (id == null) {
            id = nativeId(message);
        }
        boolean known = true;
        if (id == null) {
            known = message.offset() >= 0;
            id = known ? place(shard, message) : delivery(shard, message);
        }
        String origin = scope(headers);
        String scope = replay == null ? origin : ReplayScope.of(origin, replay);
        RecordId record = known ? record(scope, id, message.key()) : null;
        return new Identity(id, scope, generation(headers), record);
    }

    private static String[] names(List<String> prefixes, String attribute) {
        return prefixes.stream().map(prefix -> prefix + attribute).toArray(String[]::new);
    }

    private static @Nullable String first(Headers headers, String... names) {
        if (headers.size() > 0) {
            for (String name : names) {
                byte[] bytes = headers.bytes(name);
                if (bytes != null && bytes.length > 0) {
                    return KeyBytes.text(bytes);
                }
            }
        }
        return null;
    }

    private static @Nullable String nativeId(InboundMessage message) {
        String id = message.nativeId();
        return id == null || id.isEmpty() || id.indexOf(REPLACEMENT) >= 0 ? null : id;
    }

    private static String place(Shard shard, InboundMessage message) {
        String incarnation = message.incarnation();
        return shard.name() + "@" + message.offset() + (incarnation.isEmpty() ? "" : "#" + incarnation);
    }

    private String delivery(Shard shard, InboundMessage message) {
        return shard.name() + "@" + process + "/" + shard.epoch() + "/" + message.tag();
    }

    private String scope(Headers headers) {
        String carried = first(headers, WireHeaders.SCOPE);
        if (carried != null) {
            return carried;
        }
        String source = first(headers, sourceHeaders);
        return source == null ? ownScope : source;
    }

    private static int generation(Headers headers) {
        String text = headers.size() > 0 ? headers.text(WireHeaders.GENERATION) : null;
        if (text == null) {
            return 0;
        }
        try {
            int generation = Integer.parseInt(text);
            return generation < 0 || generation > HIGHEST_GENERATION ? 0 : generation;
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private RecordId record(String scope, String id, @Nullable String key) {
        Scope begins = last;
        if (!scope.equals(begins.text())) {
            begins = Scope.of(scope);
            last = begins;
        }
        byte[] idBytes = ExactText.bytes(id);
        MessageDigest sha256 = ExactText.sha256();
        sha256.update(begins.bytes());
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest(idBytes));
        return new RecordId(
                digest.getLong(), digest.getLong(), key == null ? KeyHash.of(KeyBytes.of(id)) : KeyHash.of(key));
    }
}
