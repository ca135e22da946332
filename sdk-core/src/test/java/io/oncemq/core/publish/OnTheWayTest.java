package io.oncemq.core.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OnTheWayTest {
    private static final int MESSAGES = 4_000;

    private final OpenEntries open = new OpenEntries();
    private final OnTheWay onTheWay = new OnTheWay(open);
    private final InFlightBudget budget = new InFlightBudget(1, 1);

    private Entry handedOver(int place, String key) {
        Entry entry = new Entry(Rig.frame("" + place, key), null, budget.share(0), 0);
        entry.sequence = place + 1;
        entry.handOver();
        open.add(entry);
        return entry;
    }

    private boolean comesBack(Entry entry, String key) {
        entry.takeBack();
        return onTheWay.isBehind(entry, new Slot("orders", key));
    }

    @Test
    void aLaterMessageOfTheKeyIsBehind() {
        Entry first = handedOver(0, "k");
        Entry second = handedOver(1, "k");
        handedOver(2, "j");
        assertThat(comesBack(first, "k")).isTrue();
        assertThat(comesBack(second, "k")).isFalse();
    }

    @Test
    void whatIsSentAfterwardsCounts() {
        Entry first = handedOver(0, "k");
        assertThat(comesBack(first, "k")).isFalse();
        first.handOver();
        handedOver(1, "k");
        onTheWay.sent("orders");
        assertThat(comesBack(first, "k")).isTrue();
    }

    @Test
    void manyThatComeBackCostALinearNumberOfLooks() {
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < MESSAGES; i++) {
            entries.add(handedOver(i, "k" + i % 100));
        }
        Collections.shuffle(entries, new Random(3));
        for (Entry entry : entries) {
            comesBack(entry, "k" + Integer.parseInt(entry.openFrame().id()) % 100);
        }
        assertThat(onTheWay.looked()).isLessThan(4L * MESSAGES);
    }
}
