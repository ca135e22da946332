package io.oncemq.torture;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.spi.KeyHash;
import io.oncemq.spi.RecordId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which message a claim record belongs to: the store only hears digests. Knows those that were received lately. Thread-safe. */
final class MessageNames {
    private static final int MOST = 20_000;

    private final Map<RecordId, String> ids = new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RecordId, String> eldest) {
            return size() > MOST;
        }
    };

    synchronized void learn(String destination, String id, @Nullable String key) {
        ids.put(recordOf(destination, id, key), id);
    }

    /** The id, or digits of the record if it is not known. */
    synchronized String idOf(RecordId record) {
        String id = ids.get(record);
        return id != null ? id : "record " + Long.toHexString(record.high());
    }

    /** As docs/wire-format.md and {@link RecordId} describe it, for a message that carries neither scope nor source. */
    private static RecordId recordOf(String destination, String id, @Nullable String key) {
        byte[] scope = (destination + "#oncemq-cluster=" + Terms.CLUSTER).getBytes(UTF_8);
        byte[] idBytes = id.getBytes(UTF_8);
        ByteBuffer text = ByteBuffer.allocate(4 + scope.length + idBytes.length)
                .putInt(scope.length)
                .put(scope)
                .put(idBytes);
        try {
            ByteBuffer digest =
                    ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.array()));
            int hash = key == null ? KeyHash.of(idBytes) : KeyHash.of(key);
            return new RecordId(digest.getLong(), digest.getLong(), hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
