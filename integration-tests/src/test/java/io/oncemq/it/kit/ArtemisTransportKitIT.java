package io.oncemq.it.kit;

import io.oncemq.testkit.kit.transport.TransportFixture;
import io.oncemq.testkit.kit.transport.TransportKit;
import java.util.Set;

/** The kit on a real Artemis and a real Redis. */
class ArtemisTransportKitIT extends TransportKit {
    @Override
    protected TransportFixture fixture() {
        return new ArtemisFixture();
    }

    @Override
    public String scheme() {
        return "artemis";
    }

    /** A queue keeps messages from the time when the group was ensured, and none that was acknowledged. */
    @Override
    protected Set<String> expectedSkips() {
        return Set.of(
                "Broadcast.aFailureOfOneInstanceConcernsNoOther",
                "Broadcast.anInstanceReplaysNothing",
                "Broadcast.anInstanceThatWasAwayGoesOnWhereItStopped",
                "Broadcast.eachInstanceHandlesEveryMessageOnceInOrder",
                "Broadcast.namesThatCouldBeConfusedAreRefused",
                "Positions.latestSkipsWhatWasThere",
                "Replays.deadLettersAreTheGroupsAndComeBackAfterARedrive",
                "Replays.endsAtWhatWasThereWhenItStarted",
                "Replays.gapsHandleOnlyWhatTheGroupNeverHandled",
                "Replays.handlesEachOnceMorePerNameAndTheGroupGoesOnUntouched",
                "Replays.killedMidwayAndStartedAgainRepeatsOnlyItsCrashWindow",
                "Replays.severalProcessesHandleEachOnceBetweenThem");
    }
}
