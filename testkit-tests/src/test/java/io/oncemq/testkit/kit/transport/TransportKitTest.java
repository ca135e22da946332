package io.oncemq.testkit.kit.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import io.oncemq.testkit.kit.transport.TransportKit.G13;
import io.oncemq.testkit.kit.transport.TransportKit.G15;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The kit lets a sound transport pass, and catches each deliberate defect. */
class TransportKitTest {
    /**
     * Two start members in processes of their own, which a broker in memory cannot serve; nor does it offer times to live, replays and filters, or
     * have a network and a client of its own.
     */
    private static final Set<Class<?>> NOT_IN_MEMORY = Set.of(
            G13.class,
            G15.class,
            TransportKit.G10Strangers.class,
            TransportKit.G12Network.class,
            TransportKit.G27.class,
            TransportKit.G28.class,
            TransportKit.G30.class);

    private static final Set<String> TESTS_OF_PROCESSES = Set.of(
            "claimOfADeadOwnerIsWaitedFor",
            "messageThatKillsItsProcessEndsInTheDeadLetter",
            "startedAndKilledIsInDoubtAndNothingElseIs");

    @AfterEach
    void soundAgain() {
        MemoryTransportKit.defect = Defect.NONE;
        MemoryTransportKit.virtualThreads = false;
    }

    static Stream<Class<?>> guarantees() {
        return Arrays.stream(TransportKit.class.getDeclaredClasses())
                .filter(type -> !NOT_IN_MEMORY.contains(type))
                .map(type -> (Class<?>) type);
    }

    @ParameterizedTest
    @MethodSource("guarantees")
    void soundTransportPasses(Class<?> guarantee) {
        assertThat(failures(guarantee, tests(guarantee))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("guarantees")
    @EnabledForJreRange(min = JRE.JAVA_21, disabledReason = "this JDK has no virtual threads")
    void soundTransportPassesWithHandlersOnVirtualThreads(Class<?> guarantee) {
        MemoryTransportKit.virtualThreads = true;
        assertThat(failures(guarantee, tests(guarantee))).isEmpty();
    }

    @Test
    void acknowledgingEarlyIsCaught() {
        MemoryTransportKit.defect = Defect.ACKS_EARLY;
        assertThat(failures(TransportKit.G18.class, List.of("noHandlerRunsAfterClose")))
                .hasSize(1);
    }

    @Test
    void losingOnReconnectIsCaught() {
        MemoryTransportKit.defect = Defect.LOSES_ON_RECONNECT;
        assertThat(failures(TransportKit.G2.class, List.of("connectionsSeveredWhilePublishingAndConsuming")))
                .hasSize(1);
    }

    @Test
    void reorderingAKeyIsCaught() {
        MemoryTransportKit.defect = Defect.REORDERS_A_KEY;
        assertThat(failures(TransportKit.G3.class, List.of("freshDestinationTakesABurstAtOnce")))
                .hasSize(1);
    }

    @Test
    void reportingATimeoutAsSuccessIsCaught() {
        MemoryTransportKit.defect = Defect.REPORTS_A_TIMEOUT_AS_SUCCESS;
        assertThat(failures(TransportKit.G1.class, List.of("silentBrokerEndsThePublishByItsDeadline")))
                .hasSize(1);
    }

    @Test
    void ignoringPausesIsCaught() {
        MemoryTransportKit.defect = Defect.IGNORES_PAUSES;
        assertThat(failures(TransportKit.G17.class, List.of("backlogBehindABlockedHandlerStaysOnTheBroker")))
                .hasSize(1);
    }

    @Test
    void forgettingAcknowledgementsIsCaught() {
        MemoryTransportKit.defect = Defect.FORGETS_ACKNOWLEDGEMENTS;
        assertThat(failures(TransportKit.G16.class, List.of("settledMessagesDoNotComeBack")))
                .hasSize(1);
    }

    @Test
    void startingAtTheEndIsCaught() {
        MemoryTransportKit.defect = Defect.STARTS_AT_THE_END;
        assertThat(failures(TransportKit.G16.class, List.of("newGroupStartsAtTheEarliest")))
                .hasSize(1);
    }

    @Test
    void droppingTombstonesIsCaught() {
        MemoryTransportKit.defect = Defect.DROPS_TOMBSTONES;
        assertThat(failures(TransportKit.G16.class, List.of("tombstoneReachesTheHandler")))
                .hasSize(1);
    }

    @Test
    void stoppingWhileItDrainsIsCaught() {
        MemoryTransportKit.defect = Defect.STOPS_WHILE_IT_DRAINS;
        assertThat(failures(TransportKit.G14.class, List.of("aSlowDrainHoldsItsOwnPartitionOnly")))
                .hasSize(1);
    }

    @Test
    void namingNoAddressIsCaught() {
        MemoryTransportKit.defect = Defect.NAMES_NO_ADDRESS;
        assertThat(failures(
                        TransportKit.G22Network.class,
                        List.of(
                                "anAddressThatIsNoBrokersIsNamedSoonAndUsedOnceItHeals",
                                "errorsOfAnUnreachableBrokerNameItsAddress")))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "CONFIRMS_WHAT_IS_FORBIDDEN, aMissingRightStopsWhatNeedsItAndIsNamed",
        "ENDS_AT_A_REFUSAL, aRightThatIsTakenAwayPausesItsSubscription",
        "STANDBY_ENDS_AT_A_REFUSAL, aStandbyMemberLivesThroughAChangeOfThePassword"
    })
    void notBearingRefusalsIsCaught(Defect defect, String test) {
        MemoryTransportKit.defect = defect;
        assertThat(failures(TransportKit.G12Access.class, List.of(test))).hasSize(1);
    }

    private static List<String> tests(Class<?> guarantee) {
        return Arrays.stream(guarantee.getSuperclass().getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Test.class))
                .map(java.lang.reflect.Method::getName)
                .filter(name -> !TESTS_OF_PROCESSES.contains(name))
                .toList();
    }

    /** Runs tests of one promise; the names of those that failed, with the reason. */
    private static List<String> failures(Class<?> guarantee, List<String> tests) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(tests.stream()
                        .map(test -> selectNestedMethod(List.of(MemoryTransportKit.class), guarantee, test))
                        .toList())
                .build();
        List<String> failures = new ArrayList<>();
        List<String> passes = new ArrayList<>();
        Launcher launcher = LauncherFactory.create();
        launcher.execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                    failures.add(test.getDisplayName() + ": "
                            + result.getThrowable().map(Throwable::toString).orElse(""));
                } else if (test.isTest()) {
                    passes.add(test.getDisplayName());
                }
            }
        });
        assertThat(failures.size() + passes.size()).as("tests that ran").isEqualTo(tests.size());
        return failures;
    }
}
