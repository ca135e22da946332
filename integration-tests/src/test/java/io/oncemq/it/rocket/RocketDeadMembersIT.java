package io.oncemq.it.rocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.DestinationSpec;
import io.oncemq.rocket.Rocket;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.spi.MessageSource;
import io.oncemq.testkit.server.ChildProcess;
import io.oncemq.testkit.server.RocketServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** S12: a broker continues to name members that are dead; their queues are read all the same as soon as their locks have expired. */
@Tag("slow")
class RocketDeadMembersIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int QUEUES = 4;

    private final RocketServer server = RocketRig.server();
    private final String destination = RocketRig.name();

    @TempDir
    private Path folder;

    private interface Death {
        void of(ChildProcess member) throws Exception;
    }

    private interface Then {
        void check(ChildProcess member, Received received);
    }

    /** Its connections are closed by its system, so the brokers forget it at once. */
    @Test
    void theQueuesOfAKilledMemberAreReadWhenItsLocksHaveExpired() throws Exception {
        readAllAfter(ChildProcess::kill);
    }

    /** As a host that lost its power: its connections stay open. Its queues were read after two minutes. */
    @Test
    void theQueuesOfAMemberThatStandsStillAreReadSoonAndReturnedWhenItGoesOn() throws Exception {
        readAllAfter(ChildProcess::pause, (member, received) -> {
            assertThat(received.owned).hasSize(QUEUES);
            member.resume();
            await().atMost(PATIENCE).until(() -> received.owned.size() == QUEUES / 2);
        });
    }

    /** Requests of the dead wait at the broker, and it may list it for two minutes. */
    @Test
    void theQueuesOfAMemberThatDiedWhileItsBrokerStoodStillAreReadSoon() throws Exception {
        readAllAfter(member -> {
            server.pauseBroker(0);
            try {
                // The time is the fault: requests of the member wait at the broker when it dies.
                await().pollDelay(Duration.ofSeconds(24)).until(() -> true);
                member.kill();
                await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
            } finally {
                server.resumeBroker(0);
            }
        });
    }

    private void readAllAfter(Death death) throws Exception {
        readAllAfter(death, (member, received) -> {});
    }

    private void readAllAfter(Death death, Then then) throws Exception {
        try (RocketAsk ask = new RocketAsk();
                BrokerTransport transport = Rocket.at(server.nameServer())
                        .lockExpiry(RocketRig.LOCK_EXPIRY)
                        .open("b-it")) {
            transport.ensure(
                    DestinationSpec.builder(destination).partitions(QUEUES).build());
            Received received = Received.settlingAll();
            try (ChildProcess other =
                            MemberProcess.start(server.nameServer(), destination, RocketRig.LOCK_EXPIRY, folder);
                    MessageSource source = transport.openSource(RocketRig.source(destination), received)) {
                received.of(source);
                await().atMost(PATIENCE)
                        .until(() -> server.members(0, "g").stream()
                                .anyMatch(id -> id.contains("@" + RocketAsk.topic(destination) + "#")));
                source.start();
                await().atMost(PATIENCE).until(() -> received.owned.size() == QUEUES / 2);
                death.of(other);
                for (int queue = 0; queue < QUEUES; queue++) {
                    ask.publish(ask.queue(destination, queue % 2, queue / 2), queue * 10, queue * 10 + 10);
                }
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(received.texts()).hasSizeGreaterThanOrEqualTo(QUEUES * 10));
                then.check(other, received);
            }
        }
    }
}
