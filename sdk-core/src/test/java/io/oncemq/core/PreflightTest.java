package io.oncemq.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.oncemq.Codecs;
import io.oncemq.ConnectionException;
import io.oncemq.CrashPolicy;
import io.oncemq.DestinationSpec;
import io.oncemq.Finding;
import io.oncemq.MessagingClient;
import io.oncemq.MessagingClientBuilder;
import io.oncemq.MessagingEvent;
import io.oncemq.MessagingEvent.PreflightFindings;
import io.oncemq.PreflightException;
import io.oncemq.Profile;
import io.oncemq.core.claim.InProcessIdempotency;
import io.oncemq.spi.ClaimStore;
import io.oncemq.spi.IdempotencyStore;
import io.oncemq.spi.IdempotencyStoreFactory;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** What becomes of findings: the policy, once, for every broker and store. */
class PreflightTest {
    private static final Finding ONE_COPY =
            Finding.violation("topic a", "copies", 1, "must be 3: a lone copy is lost", "Add copies");
    private static final Finding UNREADABLE =
            Finding.unchecked("topic a", "flush", "forbidden", "must be always", "Allow reading it");
    private static final Finding ADVICE = Finding.advice("topic a", "spare", 0, "should be 1", "Add one");

    private final ReportingBroker broker = new ReportingBroker();
    private final List<MessagingEvent> events = new CopyOnWriteArrayList<>();

    @Test
    void durableIsTheDefaultAndNamesSettingValueAndRemedy() {
        broker.shared = List.of(ONE_COPY);

        PreflightException refusal = refused(builder());

        assertThat(refusal.property()).isEqualTo("copies");
        assertThat(refusal.value()).isEqualTo("1");
        assertThat(refusal.remedy()).isEqualTo("Add copies");
        assertThat(refusal)
                .hasMessageContaining("topic a: copies = 1; it must be 3: a lone copy is lost. Add copies")
                .hasMessageContaining("profile(Profile.DEV)");
        assertThat(broker.closed).isTrue();
        assertThat(events).isEmpty();
    }

    @Test
    void allFindingsOfBrokerAndStoreAreListedAtOnce() {
        broker.shared = List.of(ADVICE, UNREADABLE, ONE_COPY);

        PreflightException refusal = refused(builder().idempotency(InProcessIdempotency.create()));

        assertThat(refusal.findings())
                .extracting(Finding::setting)
                .containsExactly("copies", "idempotency", "flush", "spare");
    }

    @Test
    void whatCannotBeReadIsRefusedUnlessItIsAcceptedByName() {
        broker.shared = List.of(UNREADABLE);

        assertThat(refused(builder()).findings()).containsExactly(UNREADABLE);
        assertThat(refused(builder().acceptUnchecked("other", "read it myself")).findings())
                .containsExactly(UNREADABLE);
        builder().acceptUnchecked("flush", "read it myself").build().close();

        assertThat(told()).containsExactly(new PreflightFindings(Profile.DURABLE, List.of(UNREADABLE)));
    }

    @Test
    void acceptingUncheckedDoesNotAcceptAWeakValue() {
        broker.shared = List.of(ONE_COPY);

        assertThat(refused(builder().acceptUnchecked("copies", "surely 3")).findings())
                .containsExactly(ONE_COPY);
    }

    @Test
    void adviceRefusesNothingAndIsTold() {
        broker.shared = List.of(ADVICE);

        builder().build().close();

        assertThat(told()).containsExactly(new PreflightFindings(Profile.DURABLE, List.of(ADVICE)));
    }

    @Test
    void devGoesOnWithOneWarningPerClient() {
        broker.shared = List.of(ONE_COPY, UNREADABLE);
        broker.destinations.put("a", List.of(ONE_COPY));

        String log = logged(() -> {
            try (MessagingClient client = builder().profile(Profile.DEV).build()) {
                client.publisher("a", Codecs.string());
                client.publisher("a", Codecs.string());
                client.publisher("b", Codecs.string());
            }
        });

        assertThat(log.split("WARN", -1)).hasSize(2);
        assertThat(log).contains("profile DEV", ONE_COPY.toString(), UNREADABLE.toString());
        assertThat(told())
                .containsExactly(
                        new PreflightFindings(Profile.DEV, List.of(ONE_COPY, UNREADABLE)),
                        new PreflightFindings(Profile.DEV, List.of(ONE_COPY)));
    }

    @Test
    void devSaysSoEvenIfNothingWasFound() {
        String log = logged(() -> builder().profile(Profile.DEV).build().close());

        assertThat(log).containsOnlyOnce("WARN").contains("profile DEV");
        assertThat(told()).isEmpty();
    }

    @Test
    void destinationIsLookedAtOncePerClient() {
        try (MessagingClient client = builder().build()) {
            client.publisher("a", Codecs.string());
            client.publisher("a", Codecs.string());
            client.publisher("b", Codecs.string());
        }

        assertThat(broker.asked).containsExactly("a", "b");
    }

    @Test
    void refusedDestinationIsLookedAtAgain() {
        broker.destinations.put("a", List.of(ONE_COPY));
        try (MessagingClient client = builder().build()) {
            assertThatThrownBy(() -> client.publisher("a", Codecs.string())).isInstanceOf(PreflightException.class);
            broker.destinations.clear();
            assertThat(client.publisher("a", Codecs.string()).destination()).isEqualTo("a");
        }
    }

    @Test
    void subscriptionIsRefusedForItsDestinationAndItsDeadLettersAtOnce() {
        broker.destinations.put("a", List.of(ONE_COPY));
        broker.destinations.put("a.g.dlq", List.of(UNREADABLE));
        try (MessagingClient client = builder().build()) {
            PreflightException refusal = catchThrowableOfType(
                    PreflightException.class,
                    () -> client.subscription("a", Codecs.string())
                            .group("g")
                            .handler(delivery -> {})
                            .start());

            assertThat(refusal.findings()).containsExactly(ONE_COPY, UNREADABLE);
        }
    }

    @Test
    void ensureCreatesNothingUnlessAllCanBeDurable() {
        broker.destinations.put("a.g.dlq", List.of(ONE_COPY));
        try (MessagingClient client = builder().build()) {
            DestinationSpec spec = DestinationSpec.builder("a").group("g").build();
            assertThatThrownBy(() -> client.ensure(spec)).isInstanceOf(PreflightException.class);
            assertThat(broker.created).isEmpty();

            broker.destinations.clear();
            client.ensure(spec);
            assertThat(broker.created)
                    .extracting(DestinationSpec::name, DestinationSpec::replicas)
                    .containsExactly(tuple("a", 3), tuple("a.g.dlq", 3));
        }
    }

    @Test
    void devEnsuresAsAsked() {
        try (MessagingClient client = builder().profile(Profile.DEV).build()) {
            client.ensure(DestinationSpec.of("a"));
        }

        assertThat(broker.created).containsExactly(DestinationSpec.of("a"));
    }

    @Test
    void memoryShorterThanTheRetentionIsToldToSubscribers() {
        broker.retention = ChronoUnit.FOREVER.getDuration();
        Preflight preflight = preflight(remembering(Duration.ofDays(7)));

        preflight.publisher("a");
        assertThat(told()).isEmpty();
        preflight.subscription("a", List.of());
        preflight.subscription("a", List.of());

        assertThat(told()).hasSize(1);
        assertThat(told().get(0).findings())
                .extracting(Finding::setting, Finding::value, Finding::severity)
                .containsExactly(tuple("rememberFor", "PT168H", Finding.Severity.ADVICE));
    }

    @Test
    void memoryAsLongAsTheRetentionIsEnough() {
        broker.retention = Duration.ofDays(7);

        preflight(remembering(Duration.ofDays(7))).subscription("a", List.of());

        assertThat(told()).isEmpty();
    }

    @Test
    void silentBrokerEndsADurableStartAndOnlyWarnsInDev() {
        broker.silent = true;

        assertThatThrownBy(() -> builder().build()).isInstanceOf(ConnectionException.class);
        assertThat(broker.closed).isTrue();
        builder().profile(Profile.DEV).build().close();

        assertThat(told().get(0).findings())
                .extracting(Finding::value)
                .containsExactly("no answer (broker: broker-1:5672)");
    }

    @Test
    void publisherOfANewDestinationNeedsTheBrokerOnce() {
        try (MessagingClient client = builder().build()) {
            client.publisher("a", Codecs.string());
            broker.silent = true;
            assertThat(client.publisher("a", Codecs.string()).destination()).isEqualTo("a");
            assertThatThrownBy(() -> client.publisher("b", Codecs.string())).isInstanceOf(ConnectionException.class);
            broker.silent = false;
            assertThat(client.publisher("b", Codecs.string()).destination()).isEqualTo("b");
        }
        try (MessagingClient client = builder().profile(Profile.DEV).build()) {
            broker.silent = true;
            assertThat(client.publisher("c", Codecs.string()).destination()).isEqualTo("c");
        }
    }

    @Test
    void adapterThatDoesNotLookIsAFinding() {
        IdempotencyStoreFactory blind = () -> remembering(Duration.ofDays(7));

        assertThat(refused(builder().idempotency(blind)).findings())
                .extracting(Finding::setting, Finding::severity)
                .containsExactly(tuple("preflight", Finding.Severity.UNCHECKED));
    }

    @Test
    void clusterWithoutIdentityAndNameIsRefusedWithAStore() {
        broker.cluster = "";

        PreflightException refusal = refused(builder().idempotency(durable()));

        assertThat(refusal.findings())
                .extracting(Finding::component, Finding::setting, Finding::severity)
                .containsExactly(tuple("cluster fake at broker-1:5672", "clusterName", Finding.Severity.UNCHECKED));
        assertThat(refusal)
                .hasMessageContaining("a second fake cluster uses the same store")
                .hasMessageContaining("clusterName(\"...\")")
                .hasMessageContaining("acceptUnchecked(\"clusterName\", reason)");
        assertThat(broker.closed).isTrue();
    }

    @Test
    void clusterWithoutIdentityNeedsANameOrAReasonOrNoStore() {
        broker.cluster = "";

        builder().idempotency(durable()).clusterName("berlin").build().close();
        builder().build().close();
        assertThat(told()).isEmpty();

        builder()
                .idempotency(durable())
                .acceptUnchecked("clusterName", "the only one")
                .build()
                .close();
        assertThat(told()).hasSize(1);
    }

    @Test
    void clusterWithoutIdentityIsOnlyAWarningInDev() {
        broker.cluster = "";

        String log = logged(() ->
                builder().idempotency(durable()).profile(Profile.DEV).build().close());

        assertThat(log.split("WARN", -1)).hasSize(2);
        assertThat(log).containsOnlyOnce("clusterName could not be checked");
        assertThat(told().get(0).findings()).extracting(Finding::setting).containsExactly("clusterName");
    }

    /** A store without findings of its own. */
    private static IdempotencyStoreFactory durable() {
        IdempotencyStore store = remembering(Duration.ofDays(7));
        return () -> new IdempotencyStore() {
            @Override
            public ClaimStore group(String group, CrashPolicy policy, Duration lease) {
                return store.group(group, policy, lease);
            }

            @Override
            public List<Finding> preflight() {
                return List.of();
            }

            @Override
            public void close() {}
        };
    }

    private static IdempotencyStore remembering(Duration time) {
        IdempotencyStore store =
                InProcessIdempotency.create(Clock.systemUTC(), time).open();
        return new IdempotencyStore() {
            @Override
            public ClaimStore group(String group, CrashPolicy policy, Duration lease) {
                return store.group(group, policy, lease);
            }

            @Override
            public Duration rememberFor() {
                return time;
            }

            @Override
            public void close() {}
        };
    }

    private Preflight preflight(IdempotencyStore store) {
        Cluster cluster = new Cluster(null, "fake", "c-1", List.of(), null);
        return new Preflight(Profile.DURABLE, Map.of(), "c", broker, cluster, store, new Events(List.of(events::add)));
    }

    private MessagingClientBuilder builder() {
        return MessagingClient.builder()
                .transport(clientId -> broker)
                .withoutIdempotency()
                .eventListener(events::add);
    }

    private static PreflightException refused(MessagingClientBuilder builder) {
        return catchThrowableOfType(PreflightException.class, builder::build);
    }

    private List<PreflightFindings> told() {
        return events.stream()
                .filter(PreflightFindings.class::isInstance)
                .map(PreflightFindings.class::cast)
                .toList();
    }

    /** What simple loggers write meanwhile. */
    private static String logged(Runnable action) {
        PrintStream before = System.err;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
