package io.oncemq.quickstart;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.oncemq.CrashPolicy;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.KeyHash;
import io.oncemq.spi.Owner;
import io.oncemq.spi.RecordId;
import io.oncemq.spi.StoreAnswer;
import io.oncemq.spi.StoreCommand;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * Asks the store which effects of a dead process it knows as done, by claiming their messages like another consumer would.
 * While the dead process's lease runs the answer is DONE or BUSY, and neither changes a record; so it has to be asked soon
 * after the death.
 */
final class StoreProbe {
    private static final int BATCH = 200;
    /** A store that takes its time is waited for, but not for as long as the lease runs. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private final String store;
    private final long process = new Random().nextLong();
    private long deliveries;

    StoreProbe(String store) {
        this.store = store;
    }

    /** Those of the effects whose message is claimed and not done. */
    Set<String> withoutDone(Collection<Effect> effects) {
        Set<String> without = new HashSet<>();
        List<Effect> all = List.copyOf(effects);
        try (IdempotencyStore connected =
                        RedisIdempotency.at(store).timeout(TIMEOUT).open();
                ClaimStore claims = connected.group(Places.GROUP, CrashPolicy.REPROCESS, Places.LEASE)) {
            for (int from = 0; from < all.size(); from += BATCH) {
                ask(claims, all.subList(from, Math.min(all.size(), from + BATCH)), without);
            }
        }
        return without;
    }

    private void ask(ClaimStore claims, List<Effect> effects, Set<String> without) {
        List<StoreCommand> questions = effects.stream().map(this::claim).toList();
        List<StoreAnswer> answers = claims.apply(questions);
        for (int i = 0; i < questions.size(); i++) {
            switch (answers.get(i).kind()) {
                case BUSY -> without.add(effects.get(i).id());
                case DONE -> {}
                // Nobody held a claim although there was an effect: that is no crash window, and nobody may wait for
                // us.
                default -> {
                    StoreCommand claim = questions.get(i);
                    var unused = claims.apply(
                            List.of(StoreCommand.of(StoreCommand.Type.RELEASE, claim.id(), claim.owner())));
                }
            }
        }
    }

    private StoreCommand claim(Effect effect) {
        return StoreCommand.of(
                StoreCommand.Type.CLAIM, recordOf(effect.id(), effect.key()), new Owner(process, deliveries++));
    }

    /** SHA-256 over the scope, led by its length, and the id; the scope is the destination on the cluster (docs/wire-format.md). */
    private static RecordId recordOf(String id, String key) {
        byte[] scope = (Places.DESTINATION + "#oncemq-cluster=" + Places.CLUSTER).getBytes(UTF_8);
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(ByteBuffer.allocate(4).putInt(scope.length).array());
            sha256.update(scope);
            ByteBuffer digest = ByteBuffer.wrap(sha256.digest(id.getBytes(UTF_8)));
            return new RecordId(digest.getLong(), digest.getLong(), KeyHash.of(key));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
