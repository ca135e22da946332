package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.Delivery;
import io.oncemq.Headers;
import jakarta.validation.Valid;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import tools.jackson.databind.json.JsonMapper;

/** What cannot be listened with is refused when the application starts. */
class ListenerRefusalsTest {
    private final Toys toys = new Toys();

    private void refuses(Class<?> bean, String... said) {
        refuses(toys.application("g", "d"), bean, said);
    }

    private static void refuses(ApplicationContextRunner application, Class<?> bean, String... said) {
        application.withBean("bean", bean).run(context -> {
            assertThat(context).hasFailed();
            assertThat(Toys.told(context.getStartupFailure())).contains(said);
        });
    }

    static class Returning {
        @OnceListener(destination = "d", group = "g")
        String on(String body) {
            return body;
        }
    }

    @Test
    void resultThatNobodyWouldReceive() {
        refuses(Returning.class, "Returning.on(String)", "returns String", "Return void, a CompletionStage or a Mono");
    }

    static class Hidden {
        @OnceListener(destination = "d", group = "g")
        private void on(String body) {}
    }

    @Test
    void privateMethod() {
        refuses(Hidden.class, "Hidden.on(String)", "is private or static");
    }

    static class Empty {
        @OnceListener(destination = "d", group = "g")
        void on(Headers headers) {}
    }

    @Test
    void methodWithoutABody() {
        refuses(Empty.class, "Empty.on(Headers)", "does not name the type of the body");
    }

    static class Wild {
        @OnceListener(destination = "d", group = "g")
        void on(Delivery<?> delivery) {}
    }

    @Test
    void deliveryOfAnything() {
        refuses(Wild.class, "Wild.on(Delivery)", "does not name the type of the body", "Delivery<Body>");
    }

    static class Torn {
        @OnceListener(destination = "d", group = "g")
        void on(String body, Delivery<Order> delivery) {}
    }

    @Test
    void bodyOfTwoTypes() {
        refuses(Torn.class, "Torn.on(String, Delivery)", "Use one type for both");
    }

    static class Twice {
        @OnceListener(destination = "d", group = "g")
        void on(String body, Order other) {}
    }

    @Test
    void twoBodies() {
        refuses(Twice.class, "Twice.on(String, Order)", "two parameters for the body");
    }

    static class Primitive {
        @OnceListener(destination = "d", group = "g")
        void on(int body) {}
    }

    @Test
    void primitiveBody() {
        refuses(Primitive.class, "Primitive.on(int)", "wrapper");
    }

    static class Many {
        @OnceListener(destination = "d", group = "g")
        void on(String body) {}
    }

    @Test
    void beanOfWhichThereMayBeMany() {
        toys.application("g", "d")
                .withBean(Many.class, Many::new, definition -> definition.setScope("prototype"))
                .run(context ->
                        assertThat(Toys.told(context.getStartupFailure())).contains("Many.on(String)", "singleton"));
    }

    static class Nowhere {
        @OnceListener(group = "g")
        void on(String body) {}
    }

    @Test
    void missingDestination() {
        refuses(Nowhere.class, "oncemq.listeners.bean-on.destination = (none)", "destination = \"orders\"");
    }

    static class Groupless {
        @OnceListener(destination = "d")
        void on(String body) {}
    }

    @Test
    void missingGroupAndADefaultForIt() {
        refuses(Groupless.class, "oncemq.listeners.bean-on.group = (none)", "group = \"billing\"");
        toys.application("g", "d")
                .withBean("bean", Groupless.class)
                .withPropertyValues("oncemq.listener.group=g")
                .run(context -> assertThat(context).hasNotFailed());
    }

    static class Misnamed {
        @OnceListener(destination = "elsewhere", group = "g")
        void on(String body) {}
    }

    @Test
    void destinationThatDoesNotExist() {
        refuses(
                Misnamed.class,
                "destination of @OnceListener on ListenerRefusalsTest.Misnamed.on(String) = elsewhere: does not exist",
                "oncemq.destinations.elsewhere.groups=g");
    }

    static class Unplaced {
        @OnceListener(destination = "${no.such.property}", group = "g")
        void on(String body) {}
    }

    @Test
    void placeholderThatNothingSets() {
        refuses(Unplaced.class, "destination of @OnceListener", "= ${no.such.property}", "Set the property");
    }

    static class Uncounted {
        @OnceListener(destination = "d", group = "g", concurrency = "many")
        void on(String body) {}
    }

    @Test
    void numberThatIsNone() {
        refuses(
                Uncounted.class,
                "concurrency of @OnceListener",
                "= many: is not a valid Integer",
                "oncemq.listener.concurrency");
    }

    static class Crowded {
        @OnceListener(destination = "d", group = "g", concurrency = "0")
        void on(String body) {}
    }

    @Test
    void numberThatIsOutOfRange() {
        refuses(Crowded.class, "concurrency of @OnceListener", "= 0: is out of range", "Use 1 to 10000");
    }

    static class Impatient {
        @OnceListener(destination = "d", group = "g", retryDelay = "2s", maxRetryDelay = "1s")
        void on(String body) {}
    }

    @Test
    void retryThatContradictsItself() {
        refuses(Impatient.class, "maxRetryDelay of @OnceListener", "= PT1S: is below the initial delay", "Raise max");
    }

    static class Elsewhere {
        @OnceListener(destination = "d", group = "g", client = "audit")
        void on(String body) {}
    }

    @Test
    void clientThatIsNotThere() {
        refuses(Elsewhere.class, "client of the listener bean-on = audit", "oncemq.clients.audit.transport");
    }

    static class Checked {
        @OnceListener(destination = "d", group = "g")
        void on(@Valid Order body) {}
    }

    @Test
    void validationWithoutAValidator() {
        Toys other = new Toys();
        other.application("g", "d");
        refuses(
                new ApplicationContextRunner()
                        .withConfiguration(
                                AutoConfigurations.of(JacksonAutoConfiguration.class, OnceMqAutoConfiguration.class))
                        .withPropertyValues(
                                "oncemq.transport=" + other.uri(),
                                "oncemq.idempotency=memory://validation",
                                "oncemq.profile=DEV"),
                Checked.class,
                "Checked.on(Order)",
                "spring-boot-starter-validation");
    }

    @Test
    void bodyWithoutAMapper() {
        Toys other = new Toys();
        other.application("g", "d");
        refuses(
                new ApplicationContextRunner()
                        .withConfiguration(AutoConfigurations.of(OnceMqAutoConfiguration.class))
                        .withPropertyValues(
                                "oncemq.transport=" + other.uri(),
                                "oncemq.idempotency=memory://mapper",
                                "oncemq.profile=DEV"),
                OfAnOrder.class,
                "body of @OnceListener on ListenerRefusalsTest.OfAnOrder.on(Order)",
                "JacksonAutoConfiguration");
    }

    static class Doubled {
        @OnceListener(id = "same", destination = "d", group = "g")
        void on(String body) {}

        @OnceListener(id = "same", destination = "d", group = "g")
        void again(String body) {}
    }

    @Test
    void twoListenersOfOneId() {
        refuses(Doubled.class, "same", "two listeners");
    }

    interface Marker {}

    static class OfAMarker {
        @OnceListener(destination = "d", group = "g")
        void on(Marker body) {}
    }

    @Test
    void bodyThatNoJsonBecomes() {
        refuses(OfAMarker.class, "OfAMarker.on(Marker)", "cannot be built from JSON", "@JsonTypeInfo");
    }

    @Test
    void severalMappersOfWhichNoneIsMeant() {
        refuses(
                toys.application("g", "d")
                        .withBean("one", JsonMapper.class, JsonMapper::new)
                        .withBean("two", JsonMapper.class, JsonMapper::new),
                OfAnOrder.class,
                "several JsonMapper beans",
                "@Primary");
    }

    static class OfAnOrder {
        @OnceListener(destination = "d", group = "g")
        void on(Order body) {}
    }
}
