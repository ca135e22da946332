package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.oncemq.MessageFilter;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What a listener wants of its destination reaches the broker, or is refused by the name under which it was written. */
class ListenerFilterTest {
    private final Toys toys = new Toys();

    static class Typed {
        @OnceListener(
                id = "typed",
                destination = "orders",
                group = "billing",
                filterTypes = {"order.paid", "${test.type:order.refunded}"})
        void on(String body) {}
    }

    static class Conditional {
        @OnceListener(
                id = "conditional",
                destination = "orders",
                group = "billing",
                filterSql = "region = '${test.region:EU}'")
        void on(String body) {}
    }

    static class Torn {
        @OnceListener(destination = "orders", group = "billing", filterTypes = "order.paid", filterSql = "a = 1")
        void on(String body) {}
    }

    private ApplicationContextRunner application(Class<?> bean) {
        return toys.application("billing", "orders").withBean("bean", bean);
    }

    private void asks(ApplicationContextRunner application, MessageFilter filter) {
        application.run(context -> {
            assertThat(context).hasNotFailed();
            assertThat(toys.broker().filter("orders", "billing")).isEqualTo(filter);
        });
    }

    private static void refuses(ApplicationContextRunner application, String... said) {
        application.run(context -> {
            assertThat(context).hasFailed();
            assertThat(Toys.told(context.getStartupFailure())).contains(said);
        });
    }

    @Test
    void typesOfTheAnnotationReachTheBroker() {
        asks(application(Typed.class), MessageFilter.types("order.paid", "order.refunded"));
    }

    @Test
    void conditionOfTheAnnotationReachesTheBroker() {
        asks(application(Conditional.class).withPropertyValues("test.region=US"), MessageFilter.sql("region = 'US'"));
    }

    @Test
    void propertiesOfTheListenerReplaceTheFilterOfItsAnnotation() {
        asks(
                application(Conditional.class)
                        .withPropertyValues("oncemq.listeners.conditional.filter.types=order.paid,order.void"),
                MessageFilter.types("order.paid", "order.void"));
        asks(
                application(Typed.class).withPropertyValues("oncemq.listeners.typed.filter.sql=amount > 100"),
                MessageFilter.sql("amount > 100"));
    }

    @Test
    void aGroupHasOneFilter() {
        refuses(
                application(Torn.class),
                "filterSql of @OnceListener on ListenerFilterTest.Torn.on(String) = a = 1",
                "is set together with filterTypes of @OnceListener",
                "Remove one of the two");
    }

    @Test
    void filtersThatNameNothingAreRefused() {
        refuses(
                application(Typed.class).withPropertyValues("oncemq.listeners.typed.filter.types=order.paid,,"),
                "oncemq.listeners.typed.filter.types",
                "names no type, or a blank one");
        refuses(
                application(Conditional.class).withPropertyValues("oncemq.listeners.conditional.filter.sql="),
                "oncemq.listeners.conditional.filter.sql",
                "is blank");
    }

    @Test
    void brokerThatCannotFilterIsToldUnderTheNameThatWasWritten() {
        toys.broker().withoutFilters();
        refuses(
                application(Typed.class),
                "filterTypes of @OnceListener on ListenerFilterTest.Typed.on(String)",
                "= types[order.paid, order.refunded]",
                "toy does not offer FILTER",
                "choose a broker whose capabilities list FILTER");
        refuses(
                application(Conditional.class),
                "filterSql of @OnceListener on ListenerFilterTest.Conditional.on(String)");
        refuses(
                application(Conditional.class)
                        .withPropertyValues("oncemq.listeners.conditional.filter.sql=amount > 100"),
                "oncemq.listeners.conditional.filter.sql = sql[amount > 100]",
                "toy does not offer FILTER");
    }
}
