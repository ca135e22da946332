package io.oncemq.core.consume;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.Headers;
import io.oncemq.core.WireHeaders;
import io.oncemq.spi.InboundMessage;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.Shard;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads identities off incoming messages. One instance serves one source thread.
 *
 * <p>An id that is made from the broker's coordinates includes the destination's incarnation: a recreated topic counts its
 * offsets anew, and without it new messages would be taken for old ones and lost. Where the broker numbers nothing either, each
 * delivery is a message of its own: its name is never used again, lest what is derived from it is taken for something else.
 */
final class Identities {
    private final String destination;
    private final @Nullable String replay;
    private final String[] idHeaders;
    private final String[] sourceHeaders;
    private final String process = UUID.randomUUID().toString();
    private final MessageDigest sha256;
    private String digestedScope = "";
    private byte[] digestedScopeBytes = new byte[0];

    /**
     * @param cloudEventsPrefixes what may stand before an attribute's name; an earlier one wins
     * @param replay the name that a replay adds to every scope, or null
     */
    Identities(String destination, List<String> cloudEventsPrefixes, @Nullable String replay) {
        this.destination = destination;
        this.replay = replay;
        this.idHeaders = names(cloudEventsPrefixes, WireHeaders.ID);
        this.sourceHeaders = names(cloudEventsPrefixes, WireHeaders.SOURCE);
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    Identity of(Shard shard, InboundMessage message) {
        Headers headers = message.headers();
        String id = first(headers, idHeaders);
        if (id == null) {
            id = message.nativeId();
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

    private static @Nullable String first(Headers headers, String[] names) {
        for (String name : names) {
            String text = headers.text(name);
            if (text != null) {
                return text;
            }
        }
        return null;
    }

    private static String place(Shard shard, InboundMessage message) {
        String incarnation = message.incarnation();
        return shard.name() + "@" + message.offset() + (incarnation.isEmpty() ? "" : "#" + incarnation);
    }

    private String delivery(Shard shard, InboundMessage message) {
        return shard.name() + "@" + process + "/" + shard.epoch() + "/" + message.tag();
    }

    private String scope(Headers headers) {
        if (headers.size() > 1) {
            String carried = headers.text(WireHeaders.SCOPE);
            if (carried != null) {
                return carried;
            }
            String source = first(headers, sourceHeaders);
            if (source != null) {
                return source;
            }
        }
        return destination;
    }

    private static int generation(Headers headers) {
        String text = headers.size() > 1 ? headers.text(WireHeaders.GENERATION) : null;
        if (text == null) {
            return 0;
        }
        try {
            return Math.max(0, Integer.parseInt(text));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private RecordId record(String scope, String id, @Nullable String key) {
        if (!scope.equals(digestedScope)) {
            digestedScope = scope;
            byte[] text = scope.getBytes(UTF_8);
            digestedScopeBytes = ByteBuffer.allocate(4 + text.length)
                    .putInt(text.length)
                    .put(text)
                    .array();
        }
        byte[] idBytes = id.getBytes(UTF_8);
        sha256.update(digestedScopeBytes);
        ByteBuffer digest = ByteBuffer.wrap(sha256.digest(idBytes));
        return new RecordId(digest.getLong(), digest.getLong(), key == null ? KeyHash.of(idBytes) : KeyHash.of(key));
    }
}
