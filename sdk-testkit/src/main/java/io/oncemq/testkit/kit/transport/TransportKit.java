package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What every transport has to show: one nested class per promise of docs/guarantees.md, run through the real engine
 * against a real broker and a real store. An adapter extends it with its fixture, and can neither change nor leave out a
 * test: tests are final, and skips follow from the broker's capabilities and from what the fixture has ({@link TransportFixture#guarded}).
 */
public abstract class TransportKit {
    /**
     * The tag of promises whose tests neither stop nor cut off a server: where the whole kit runs on child processes anyway, a second run in
     * containers can leave them out.
     */
    public static final String ANY_SERVER = "any-server";

    /** For all tests of the class the same fixture; started at its first use, ended by its owner. */
    protected abstract TransportFixture fixture();

    /** The scheme of the adapter's URIs. */
    public abstract String scheme();

    /** Which of the adapter's ways to the broker this is, where it has several that differ in what the kit shows. */
    public String variant() {
        return "";
    }

    /** The tests that the capabilities rule out, as {@code Scenario.test}: exactly these are skipped. */
    protected abstract Set<String> expectedSkips();

    @Test
    @DisplayName("exactly the declared tests are skipped, because the broker lacks their feature")
    final void skipsAreThoseDeclared() {
        assertThat(Skips.of(fixture())).isEqualTo(expectedSkips());
    }

    @Nested
    @DisplayName("G1 Every publish has an honest outcome")
    class G1 extends PublishOutcome {
        G1() {
            super(TransportKit.this);
        }
    }

    @Nested
    @DisplayName("G2 What is confirmed is not lost")
    class G2 extends ConfirmedIsKept {
        G2() {
            super(TransportKit.this);
        }
    }

    @Nested
    @DisplayName("G3 A key's messages are stored in the order of publishing")
    class G3 extends PublishOrder {
        G3() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G4 Duplicates are suppressed")
    class G4 extends DuplicatesSuppressed {
        G4() {
            super(TransportKit.this);
        }
    }

    @Nested
    @DisplayName("G5 Claim, handle, DONE, acknowledge: never another order")
    class G5 extends ClaimedThenDone {
        G5() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G6 A key's messages are handled one after another, in order")
    class G6 extends OrderPerKey {
        G6() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G7 A retry holds its own key only")
    class G7 extends RetryHoldsItsKey {
        G7() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G8 Attempts are counted, and survive crashes")
    class G8 extends AttemptsCounted {
        G8() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G9 Dead letters are complete, and never lose the message")
    class G9 extends DeadLetters {
        G9() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G10 A body that cannot be read stops nothing")
    class G10 extends PoisonBytes {
        G10() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G10 A body that cannot be read stops nothing")
    class G10Strangers extends Strangers {
        G10Strangers() {
            super(TransportKit.this);
        }
    }

    @Nested
    @DisplayName("G11 A store outage pauses, and ends by itself")
    class G11 extends StoreOutage {
        G11() {
            super(TransportKit.this);
        }
    }

    @Nested
    @DisplayName("G12 A broker outage ends by itself")
    class G12 extends BrokerOutage {
        G12() {
            super(TransportKit.this);
        }
    }

    @Nested
    @DisplayName("G12 A broker outage ends by itself")
    class G12Network extends BrokenNetwork {
        G12Network() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G12 A broker outage ends by itself")
    class G12Access extends Access {
        G12Access() {
            super(TransportKit.this);
        }
    }

    @Nested
    @DisplayName("G13 A dead consumer loses nothing")
    class G13 extends ConsumerCrash {
        G13() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G14 Handover keeps order")
    class G14 extends Handover {
        G14() {
            super(TransportKit.this);
        }
    }

    @Nested
    @DisplayName("G15 A lost owner knows, and is fenced")
    class G15 extends LostOwnership {
        G15() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G16 Positions are explicit")
    class G16 extends Positions {
        G16() {
            super(TransportKit.this);
        }
    }

    @Nested
    @DisplayName("G17 Memory is bounded")
    class G17 extends Bounds {
        G17() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G18 Close drains")
    class G18 extends CloseDrains {
        G18() {
            super(TransportKit.this);
        }
    }

    @Nested
    @DisplayName("G19 Fencing tokens grow")
    class G19 extends FencingTokens {
        G19() {
            super(TransportKit.this);
        }
    }

    @Nested
    @DisplayName("G20 Derived messages have one effect downstream")
    class G20 extends DerivedMessages {
        G20() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G22 What cannot be kept is refused at start, by name")
    class G22 extends Refusals {
        G22() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G22 What cannot be kept is refused at start, by name")
    class G22Network extends NetworkAtStart {
        G22Network() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G23 The weaker mode keeps what it can")
    class G23 extends WithoutStore {
        G23() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G24 A subscription can be paused")
    class G24 extends PauseResume {
        G24() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G26 Under QUARANTINE nothing runs twice that may have had its effect")
    class G26 extends Quarantine {
        G26() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G27 A message comes neither before its delay nor after its time to live")
    class G27 extends TimesToLive {
        G27() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G28 A replay handles each message once per name, and leaves the group as it is")
    class G28 extends Replays {
        G28() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G29 Every instance of a broadcast group handles every message")
    class G29 extends Broadcast {
        G29() {
            super(TransportKit.this);
        }
    }

    @Nested
    @Tag(ANY_SERVER)
    @DisplayName("G30 A group gets what its filter names")
    class G30 extends Filters {
        G30() {
            super(TransportKit.this);
        }
    }
}
