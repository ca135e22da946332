package io.oncemq.jms;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.apache.activemq.artemis.core.client.impl.ClientProducerCredits;
import org.apache.activemq.artemis.core.client.impl.ClientProducerFlowCallback;

/**
 * Which addresses take no more at the moment. With this callback the client does not wait for credit of a full address, with the thread that
 * serves all others: it sends, and says that there was none. So at most one message goes beyond the credit, which the broker takes where it
 * blocks, and refuses where it fails. Thread-safe; nothing blocks.
 */
final class ArtemisCredits implements ClientProducerFlowCallback {
    /** An address that refuses does not say when it stops: it is tried again after so long. */
    static final Duration REFUSED = Duration.ofMillis(500);

    /** Without room for so long an address counts as full; a busy producer is without credit for moments. */
    static final Duration LASTS = Duration.ofSeconds(2);

    /** Refusals so far apart are of one time: longer than the engine waits between two tries. */
    static final Duration APART = Duration.ofSeconds(15);

    private static final long WITHOUT_CREDIT = Long.MIN_VALUE;

    /** A time without room. @param last when the broker refused last; WITHOUT_CREDIT while the client waits for credit */
    private record Spell(long since, long last) {}

    private final LongSupplier ticker;
    private final Map<String, Long> full = new ConcurrentHashMap<>();
    private final Map<String, Spell> spells = new ConcurrentHashMap<>();

    ArtemisCredits(LongSupplier ticker) {
        this.ticker = ticker;
    }

    boolean isFull(String address) {
        Long until = full.isEmpty() ? null : full.get(address);
        if (until == null) {
            return false;
        }
        if (until != WITHOUT_CREDIT && ticker.getAsLong() - until >= 0) {
            full.remove(address, until);
            return false;
        }
        return true;
    }

    /**
     * Whether a full address stays so: it refuses, or has given no credit for some time. False where its producer has used up its window
     * and the next credit is under way, or has come in the meantime.
     */
    boolean staysFull(String address) {
        Spell spell = spells.get(address);
        return spell != null && (spell.last != WITHOUT_CREDIT || ticker.getAsLong() - spell.since >= LASTS.toNanos());
    }

    /** Addresses that have had no room for some time, by what the broker said last. */
    Set<String> fullForLong() {
        long now = ticker.getAsLong();
        spells.values().removeIf(spell -> spell.last != WITHOUT_CREDIT && now - spell.last > APART.toNanos());
        Set<String> lasting = new HashSet<>();
        spells.forEach((address, spell) -> {
            long last = spell.last == WITHOUT_CREDIT ? now : spell.last;
            if (last - spell.since >= LASTS.toNanos()) {
                lasting.add(address);
            }
        });
        return lasting;
    }

    /** The broker has refused a message for want of room. */
    void refused(String address) {
        long now = ticker.getAsLong();
        full.putIfAbsent(address, now + REFUSED.toNanos());
        refusedAt(address, now);
    }

    private void refusedAt(String address, long now) {
        spells.compute(
                address,
                (name, spell) -> spell == null || spell.last != WITHOUT_CREDIT && now - spell.last > APART.toNanos()
                        ? new Spell(now, now)
                        : new Spell(spell.since, now));
    }

    @Override
    public void onCreditsFlow(boolean blocked, ClientProducerCredits credits) {
        String address = credits.getAddress().toString();
        if (blocked) {
            full.put(address, WITHOUT_CREDIT);
            spells.putIfAbsent(address, new Spell(ticker.getAsLong(), WITHOUT_CREDIT));
        } else {
            full.remove(address, WITHOUT_CREDIT);
            spells.computeIfPresent(address, (name, spell) -> spell.last == WITHOUT_CREDIT ? null : spell);
        }
    }

    @Override
    public void onCreditsFail(ClientProducerCredits credits) {
        String address = credits.getAddress().toString();
        long now = ticker.getAsLong();
        full.put(address, now + REFUSED.toNanos());
        refusedAt(address, now);
    }
}
