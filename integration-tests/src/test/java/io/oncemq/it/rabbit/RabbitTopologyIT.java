package io.oncemq.it.rabbit;

import static io.oncemq.it.rabbit.PublishRig.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.GetResponse;
import com.rabbitmq.client.MessageProperties;
import io.oncemq.ConfigurationException;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.Ordering;
import io.oncemq.spi.BrokerTransport;
import io.oncemq.testkit.server.NeedsRabbit;
import io.oncemq.testkit.server.RabbitServer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a destination is made of, and what is said of one that exists otherwise (Q9). */
@NeedsRabbit
class RabbitTopologyIT {
    private final RabbitServer server = PublishRig.server();
    private final BrokerTransport transport = PublishRig.rabbit(server).open("topology-it");
    private final String name = PublishRig.name();

    @AfterEach
    void close() {
        transport.close();
    }

    @Test
    void aGroupHasAQueuePerShardAndEnsuringTwiceChangesNothing() {
        assertThat(transport.exists(name)).isFalse();
        DestinationSpec spec =
                DestinationSpec.builder(name).partitions(5).group("billing").build();
        transport.ensure(spec);
        transport.ensure(spec);
        assertThat(transport.exists(name)).isTrue();
        assertThat(transport.hasGroup(name, "billing")).isTrue();
        assertThat(transport.hasGroup(name, "other")).isFalse();
        assertThat(transport.plan(spec).findings()).isEmpty();
        raw(server, channel -> channel.queueDeclarePassive(name + ".billing.4"));
    }

    @Test
    void aGroupWithoutOrderHasOneQueue() {
        transport.ensure(DestinationSpec.builder(name)
                .partitions(3)
                .group("billing", Ordering.UNORDERED)
                .build());
        assertThat(transport.hasGroup(name, "billing")).isTrue();
        for (int shard = 0; shard < 3; shard++) {
            String key = shard + "/3";
            raw(server, channel -> {
                channel.confirmSelect();
                channel.basicPublish(name, key, true, MessageProperties.PERSISTENT_BASIC, new byte[1]);
                return channel.waitForConfirms(20_000);
            });
        }
        assertThat(PublishRig.drain(server, name + ".billing")).hasSize(3);
    }

    @Test
    void aMismatchNamesTheArgument() {
        DestinationSpec spec = DestinationSpec.builder(name).group("billing").build();
        transport.ensure(spec.toBuilder().setting("x-max-length", "100").build());
        assertRefused(
                "x-max-length",
                "200",
                "100",
                spec.toBuilder().setting("x-max-length", "200").build());
        assertRefused("x-max-length", "none", "100", spec);
        assertThat(transport.plan(spec).findings())
                .extracting(Finding::setting, Finding::severity)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("x-max-length", Finding.Severity.VIOLATION));
    }

    @Test
    void aClassicQueueOfThatNameIsRefused() {
        transport.ensure(DestinationSpec.of(name));
        raw(server, channel -> channel.queueDeclare(name + ".billing.0", true, false, false, Map.of()));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> transport.ensure(
                        DestinationSpec.builder(name).group("billing").build()))
                .withMessageContaining(name + ".billing.0");
    }

    @Test
    void anExchangeThatIsNotOursIsRefused() {
        raw(server, channel -> channel.exchangeDeclare(name, "fanout", true));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> transport.ensure(DestinationSpec.of(name)));
        assertThat(transport.preflight(name).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.setting()).isEqualTo("type"));
    }

    /** It would take what no group reads, and the server would confirm that. One that a policy sets cannot be read over AMQP. */
    @Test
    void anAlternateExchangeIsRefused() {
        raw(
                server,
                channel -> channel.exchangeDeclare(
                        name, "direct", true, false, Map.of("alternate-exchange", "catch-all")));
        assertThat(transport.preflight(name).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.setting()).isEqualTo("alternate-exchange"));
    }

    @Test
    void anotherNumberOfShardsIsRefused() {
        transport.ensure(DestinationSpec.builder(name).partitions(4).build());
        for (int asked : new int[] {1, 3, 5, 8}) {
            assertRefused(
                    "DestinationSpec.partitions",
                    "" + asked,
                    "4",
                    DestinationSpec.builder(name).partitions(asked).build());
        }
    }

    @Test
    void anotherOrderOfTheSameGroupIsRefused() {
        transport.ensure(DestinationSpec.builder(name)
                .group("ordered")
                .group("shared", Ordering.UNORDERED)
                .build());
        assertRefused(
                "DestinationSpec.group(ordered)",
                "UNORDERED",
                "PER_KEY",
                DestinationSpec.builder(name)
                        .group("ordered", Ordering.UNORDERED)
                        .build());
        assertRefused(
                "DestinationSpec.group(shared)",
                "PER_KEY",
                "UNORDERED",
                DestinationSpec.builder(name).group("shared").build());
    }

    @Test
    void aSubscriberThatAsksForOrderIsRefusedOnAGroupWithout() {
        transport.ensure(
                DestinationSpec.builder(name).group("g", Ordering.UNORDERED).build());
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> transport.openSource(SharedRabbit.spec(name), Received.settlingAll()))
                .satisfies(refused -> assertThat(refused.property()).isEqualTo("ordering"))
                .withMessageContaining(name + ".g");
    }

    @Test
    void whatAHalfFinishedEnsureLeftBehindDoesNotCount() {
        for (int shard = 0; shard < 3; shard++) {
            String marker = name + ".shard." + shard;
            raw(server, channel -> channel.exchangeDeclare(marker, "direct", true));
        }
        assertThat(transport.exists(name)).isFalse();
        transport.ensure(DestinationSpec.builder(name).partitions(2).group("g").build());
        assertThat(transport.hasGroup(name, "g")).isTrue();
        assertRefused(
                "DestinationSpec.partitions",
                "3",
                "2",
                DestinationSpec.builder(name).partitions(3).build());
    }

    /** The limit of 4.0 is 20 unless it is set. */
    @Test
    void healthyMessagesThatCameBackOftenStay() {
        transport.ensure(DestinationSpec.builder(name + ".g.dlq").group("g").build());
        transport.ensure(
                DestinationSpec.builder(name).group("g", Ordering.UNORDERED).build());
        int returns = 40;
        raw(server, channel -> {
            channel.confirmSelect();
            channel.basicPublish(name, "0/1", MessageProperties.PERSISTENT_BASIC, new byte[1]);
            channel.waitForConfirms(20_000);
            for (int i = 0; i < returns; i++) {
                channel.basicNack(take(channel, name + ".g").getEnvelope().getDeliveryTag(), false, true);
            }
            return take(channel, name + ".g");
        });
        AMQP.Queue.DeclareOk dead = raw(server, channel -> channel.queueDeclarePassive(name + ".g.dlq.g.0"));
        assertThat(dead.getMessageCount()).isZero();
    }

    private static GetResponse take(Channel channel, String queue) {
        return await().until(() -> channel.basicGet(queue, false), Objects::nonNull);
    }

    @Test
    void saysWhatCannotBeSeenOverAmqp() {
        assertThat(transport.preflight())
                .singleElement()
                .satisfies(finding -> assertThat(finding.setting()).isEqualTo("quorum queue members"))
                .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Finding.Severity.UNCHECKED));
        assertThat(transport.preflight(name).findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.setting()).isEqualTo("existence"));
        assertThat(transport
                        .plan(DestinationSpec.builder(name).replicas(2).build())
                        .findings())
                .singleElement()
                .satisfies(finding -> assertThat(finding.setting()).isEqualTo("replicas"));
    }

    private void assertRefused(String property, String asked, String there, DestinationSpec spec) {
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> transport.ensure(spec))
                .satisfies(refused ->
                        assertThat(List.of(refused.property(), refused.value())).containsExactly(property, asked))
                .withMessageContaining(there);
    }
}
