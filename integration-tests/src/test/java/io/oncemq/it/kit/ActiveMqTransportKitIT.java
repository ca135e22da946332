package io.oncemq.it.kit;

import io.oncemq.testkit.kit.transport.TransportFixture;
import io.oncemq.testkit.kit.transport.TransportKit;
import java.util.Set;

/** The kit on a real ActiveMQ Classic and a real Redis. */
class ActiveMqTransportKitIT extends TransportKit {
    @Override
    protected TransportFixture fixture() {
        return new ActiveMqFixture();
    }

    @Override
    public String scheme() {
        return "activemq";
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
