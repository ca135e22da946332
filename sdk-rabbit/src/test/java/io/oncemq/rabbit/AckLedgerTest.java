package io.oncemq.rabbit;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.spi.Acknowledgement;
import io.oncemq.spi.Shard;
import io.oncemq.spi.Shard.AcknowledgeMode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckLedgerTest {
    private static final Shard SHARD = new Shard("orders.billing.0", 1, AcknowledgeMode.INDIVIDUAL);

    private final AckLedger ledger = new AckLedger(100);
    private final StrictBroker broker = new StrictBroker();
    private long now;

    @Test
    void acknowledgesSeveralAtOnceWhereAllEarlierOnesAreSettled() throws IOException {
        broker.deliver(10);
        settle(7);
        write(true);
        settle(10);
        write(true);
        assertThat(broker.written).containsExactly("..7", "..10");
        assertThat(broker.open).isEmpty();
        assertThat(ledger.through()).isEqualTo(10);
    }

    @Test
    void severalWaitALittleForMore() throws IOException {
        broker.deliver(10);
        settle(3);
        write(false);
        now += AckLedger.LINGER.toNanos() - 1;
        settle(5);
        write(false);
        assertThat(broker.written).isEmpty();
        assertThat(ledger.lingers()).isTrue();
        now++;
        write(false);
        assertThat(broker.written).containsExactly("..5");
        assertThat(ledger.lingers()).isFalse();
    }

    @Test
    void manyAtOnceWaitForNobody() throws IOException {
        broker.deliver(100);
        settle(24);
        write(false);
        assertThat(broker.written).isEmpty();
        settle(25);
        write(false);
        assertThat(broker.written).containsExactly("..25");
    }

    @Test
    void whatIsAcknowledgedAlreadyDoesNotCount() throws IOException {
        broker.deliver(100);
        settle(24);
        write(true);
        settle(48);
        write(false);
        assertThat(broker.written).containsExactly("..24");
    }

    @Test
    void anUnsettledDeliveryStopsWhatIsAcknowledgedAtOnce() throws IOException {
        broker.deliver(10);
        settle(2, 4, 5);
        write(true);
        assertThat(broker.written).containsExactly("..2", "4", "5");
        assertThat(broker.open).contains(3L, 6L);
    }

    @Test
    void neverNamesADeliveryThatWasAcknowledgedSingly() throws IOException {
        broker.deliver(10);
        settle(0, 2, 3);
        write(true);
        settle(3);
        write(true);
        assertThat(broker.written).containsExactly("2", "3", "..1");
        settle(3, 5);
        write(true);
        settle(5);
        write(true);
        assertThat(broker.written).endsWith("5", "..4");
    }

    @Test
    void whatAllEarlierOnesAreSettledUpToIsNotNotedOneByOne() throws IOException {
        broker.deliver(5);
        settle(0, 2, 3, 5);
        write(true);
        assertThat(ledger.noted()).isEqualTo(3);
        settle(4);
        write(true);
        assertThat(ledger.noted()).isEqualTo(1);
        settle(5);
        write(true);
        assertThat(ledger.noted()).isZero();
    }

    @Test
    void writesNothingWhereEverythingWasAcknowledgedSingly() throws IOException {
        broker.deliver(3);
        settle(0, 1, 2, 3);
        write(true);
        settle(3);
        write(true);
        assertThat(broker.written).containsExactly("1", "2", "3");
    }

    @Test
    void singleOnesWaitALittleForOthersToGoWith() throws IOException {
        broker.deliver(10);
        settle(0, 2, 3, 4);
        write(false);
        assertThat(broker.written).isEmpty();
        assertThat(ledger.lingers()).isTrue();
        settle(4);
        now += AckLedger.LINGER.toNanos();
        write(false);
        assertThat(broker.written).isEmpty();
        now += AckLedger.LINGER.toNanos();
        write(false);
        assertThat(broker.written).containsExactly("..4");
        assertThat(ledger.lingers()).isFalse();
        settle(4, 9);
        write(false);
        assertThat(broker.written).containsExactly("..4");
        now += AckLedger.LINGER.toNanos();
        write(false);
        assertThat(broker.written).containsExactly("..4", "9");
    }

    @Test
    void manySingleOnesWaitForNobody() throws IOException {
        broker.deliver(100);
        long[] above = new long[25];
        for (int i = 0; i < above.length; i++) {
            above[i] = i + 2;
        }
        settle(0, above);
        write(false);
        assertThat(broker.written).hasSize(25);
    }

    @Test
    void nothingIsWrittenBeforeTheFirstIsSettled() throws IOException {
        broker.deliver(3);
        settle(-1);
        write(true);
        assertThat(broker.written).isEmpty();
    }

    /** Settles deliveries in any order, hands them out as the engine does, and writes now and then. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void acknowledgesExactlyWhatIsSettledInAnyOrder(long seed) throws IOException {
        Random random = new Random(seed);
        Set<Long> settled = new HashSet<>();
        List<Long> fresh = new ArrayList<>();
        long through = 0;
        broker.deliver(400);
        while (through < 400) {
            long tag = 1 + Math.min(399, Math.max(0, (long) (through + random.nextGaussian() * 20)));
            if (settled.add(tag)) {
                fresh.add(tag);
            }
            while (settled.contains(through + 1)) {
                through++;
            }
            if (random.nextInt(5) == 0) {
                long upTo = through;
                settle(
                        upTo,
                        fresh.stream()
                                .mapToLong(Long::longValue)
                                .filter(each -> each > upTo)
                                .toArray());
                fresh.clear();
                write(random.nextInt(3) == 0);
                assertThat(broker.acknowledged()).as("seed " + seed).isSubsetOf(settled);
            }
            if (through < 400 && random.nextInt(4) == 0 && settled.add(through + 1)) {
                fresh.add(through + 1);
            }
        }
        settle(400);
        write(true);
        assertThat(broker.open).as("seed " + seed).isEmpty();
    }

    private void settle(long through, long... singles) {
        ledger.settled(new Acknowledgement(SHARD, through, singles, false));
    }

    private void write(boolean all) throws IOException {
        ledger.write(broker, all, now);
    }

    /** Closes the channel over an unknown tag, as RabbitMQ does. */
    private static final class StrictBroker implements AckLedger.Wire {
        final TreeSet<Long> open = new TreeSet<>();
        final List<String> written = new ArrayList<>();
        private long delivered;

        void deliver(int count) {
            for (int i = 0; i < count; i++) {
                open.add(++delivered);
            }
        }

        Set<Long> acknowledged() {
            Set<Long> tags = new HashSet<>();
            for (long tag = 1; tag <= delivered; tag++) {
                if (!open.contains(tag)) {
                    tags.add(tag);
                }
            }
            return tags;
        }

        @Override
        public void acknowledge(long tag, boolean multiple) {
            assertThat(open).as("unknown delivery tag").contains(tag);
            written.add((multiple ? ".." : "") + tag);
            if (multiple) {
                open.headSet(tag, true).clear();
            } else {
                open.remove(tag);
            }
        }
    }
}
