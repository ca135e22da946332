package io.oncemq.testkit.kit.transport;

import java.util.Set;

/** The kit on a transport in memory; run by {@link TransportKitTest}, which chooses the defect and the tests. */
final class MemoryTransportKit extends TransportKit {
    static volatile Defect defect = Defect.NONE;
    static volatile boolean virtualThreads;

    private final MemoryFixture fixture = new MemoryFixture(defect, virtualThreads);

    @Override
    protected TransportFixture fixture() {
        return fixture;
    }

    @Override
    public String scheme() {
        return "memory";
    }

    @Override
    protected Set<String> expectedSkips() {
        return Set.of(
                "Filters.aGroupGetsWhatItsFilterNamesInOrderAndOthersGetAll",
                "TimesToLive.whatExpiredLiesAmongTheDeadLettersOfEachGroup",
                "Replays.handlesEachOnceMorePerNameAndTheGroupGoesOnUntouched",
                "Replays.endsAtWhatWasThereWhenItStarted",
                "Replays.gapsHandleOnlyWhatTheGroupNeverHandled",
                "Replays.killedMidwayAndStartedAgainRepeatsOnlyItsCrashWindow",
                "Replays.severalProcessesHandleEachOnceBetweenThem",
                "Replays.deadLettersAreTheGroupsAndComeBackAfterARedrive");
    }
}
