package io.oncemq.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.oncemq.Headers;
import io.oncemq.MessageInterceptor.Handling;
import io.oncemq.MessageInterceptor.Publishing;
import io.oncemq.OutboundMessage;
import io.oncemq.Position;
import io.oncemq.PublishRejectedException;
import io.oncemq.PublishRejectedException.Reason;
import io.oncemq.Receipt;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OnceMqObservationsTest {
    private static final Receipt RECEIPT = new Receipt("order-1", "orders", new Position("orders-0", 7));

    private final ObservationRegistry registry = ObservationRegistry.create();
    private final List<Observation.Context> stopped = new ArrayList<>();

    OnceMqObservationsTest() {
        registry.observationConfig().observationHandler(new ObservationHandler<>() {
            @Override
            public void onStop(Observation.Context context) {
                stopped.add(context);
            }

            @Override
            public boolean supportsContext(Observation.Context context) {
                return true;
            }
        });
    }

    private ClientObservations client(String system, @Nullable PublishObservationConvention convention) {
        ClientObservations client = new ClientObservations(registry, convention, null);
        client.opened("client-1", system);
        return client;
    }

    private static Publishing publishing(ClientObservations client) {
        return Objects.requireNonNull(
                client.publishing("orders", OutboundMessage.of("x").key("customer-1"), Headers.builder()));
    }

    private Observation.Context only() {
        assertThat(stopped).hasSize(1);
        return stopped.get(0);
    }

    private static Map<String, String> map(KeyValues values) {
        return values.stream().collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
    }

    private static List<String> names(KeyName[] keys) {
        return Arrays.stream(keys).map(KeyName::asString).toList();
    }

    @Test
    void aPublishIsObservedUntilItsOutcome() {
        publishing(client("kafka", null)).ended(RECEIPT, null);
        assertThat(only().getName()).isEqualTo("oncemq.publish");
        assertThat(only().getContextualName()).isEqualTo("send orders");
        assertThat(only().getError()).isNull();
        assertThat(map(only().getLowCardinalityKeyValues()))
                .isEqualTo(Map.of(
                        "messaging.system", "kafka",
                        "messaging.operation.name", "send",
                        "messaging.operation.type", "send",
                        "messaging.destination.name", "orders"));
        assertThat(map(only().getHighCardinalityKeyValues()))
                .isEqualTo(Map.of(
                        "messaging.message.id", "order-1",
                        "messaging.client.id", "client-1",
                        "messaging.destination.partition.id", "orders-0",
                        "messaging.kafka.offset", "7",
                        "messaging.kafka.message.key", "customer-1"));
    }

    @Test
    void aRejectedPublishSaysWhy() {
        PublishRejectedException no =
                new PublishRejectedException("order-1", "orders", Reason.UNROUTABLE, "no queue", null);
        publishing(client("rabbitmq", null)).ended(null, no);
        assertThat(((PublishContext) only()).failure()).isSameAs(no);
        assertThat(only().getError()).hasMessage(PublishRejectedException.class.getName());
        assertThat(map(only().getHighCardinalityKeyValues()))
                .isEqualTo(Map.of(
                        "messaging.message.id", "order-1",
                        "messaging.client.id", "client-1",
                        "error.type", "unroutable",
                        "oncemq.message.key", "customer-1"));
    }

    @Test
    void eachAttemptIsCurrentWhileItsThreadWorksForIt() {
        ClientObservations client = client("kafka", null);
        client.subscribed("billing@pod-7", "billing", new FakeSubscription("orders", "billing@pod-7"));
        Handling handling = Objects.requireNonNull(client.handling("orders", "billing@pod-7", new FakeDelivery()));
        handling.enter();
        assertThat(registry.getCurrentObservation()).isNotNull();
        handling.leave();
        assertThat(registry.getCurrentObservation()).isNull();
        handling.ended(new IllegalStateException("4711"));

        assertThat(only().getName()).isEqualTo("oncemq.process");
        assertThat(only().getContextualName()).isEqualTo("process orders");
        assertThat(map(only().getLowCardinalityKeyValues())).containsEntry("messaging.consumer.group.name", "billing");
        assertThat(map(only().getHighCardinalityKeyValues()))
                .containsEntry("messaging.message.id", "order-1")
                .containsEntry("oncemq.attempt", "2")
                .containsEntry("error.type", "java.lang.IllegalStateException")
                .containsEntry("oncemq.replay", "august");
    }

    @Test
    void aConventionOfTheApplicationReplacesTheNames() {
        ClientObservations client = client("kafka", new DefaultPublishObservationConvention() {
            @Override
            public String getContextualName(PublishContext context) {
                return context.destination() + " publish";
            }
        });
        publishing(client).ended(null, new IllegalStateException());
        assertThat(only().getContextualName()).isEqualTo("orders publish");
    }

    @Test
    void aRegistryThatIsOffCostsNothing() {
        ClientObservations client = new ClientObservations(ObservationRegistry.NOOP, null, null);
        assertThat(client.publishing("orders", OutboundMessage.of("x"), Headers.builder()))
                .isNull();
        assertThat(client.handling("orders", "billing", new FakeDelivery())).isNull();
    }

    /** What stands in a low cardinality value may become a tag of a meter, so it is exactly what is documented. */
    @Test
    void keyValuesAreAsDocumented() {
        ClientObservations client = client("kafka", null);
        publishing(client).ended(RECEIPT, null);
        Objects.requireNonNull(client.handling("orders", "billing", new FakeDelivery()))
                .ended(null);
        for (int i = 0; i < 2; i++) {
            Observation.Context context = stopped.get(i);
            OnceMqObservation documented = OnceMqObservation.values()[i];
            assertThat(map(context.getLowCardinalityKeyValues()).keySet())
                    .containsExactlyInAnyOrderElementsOf(names(documented.getLowCardinalityKeyNames()));
            assertThat(map(context.getHighCardinalityKeyValues()).keySet())
                    .isSubsetOf(names(documented.getHighCardinalityKeyNames()));
        }
    }
}
