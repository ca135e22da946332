package io.oncemq.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.oncemq.MessagingClient;
import io.oncemq.OutboundMessage;
import io.oncemq.Publisher;
import io.oncemq.spring.toy.ToyBroker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.FileSystemGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.javapoet.ClassName;

/** An application that is processed ahead of time, and what it does when it runs from what was generated. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({
    ConfigurationPropertiesAutoConfiguration.class,
    JacksonAutoConfiguration.class,
    OnceMqAutoConfiguration.class
})
public class AheadOfTimeApp {
    /** What is ordered. */
    record Item(String id, Price price) {}

    /** Known only as a part of a body. */
    record Price(long cents) {}

    /** Known only as what is published. */
    record Shipped(String id) {}

    static class Warehouse {
        final List<Item> items = new CopyOnWriteArrayList<>();
        private final Publisher<Shipped> shipped;

        Warehouse(Publisher<Shipped> shipped) {
            this.shipped = shipped;
        }

        @OnceListener(id = "warehouse", destination = "items", group = "warehouse")
        void pack(Item item) {
            shipped.publish(OutboundMessage.of(new Shipped(item.id())).id(item.id()))
                    .join();
            items.add(item);
        }
    }

    @Bean
    Warehouse warehouse(@OncePublisher(value = "shipped", client = "audit") Publisher<Shipped> shipped) {
        return new Warehouse(shipped);
    }

    @Bean
    Orders orders(@OncePublisher("items") Publisher<Item> items, @Qualifier("audit") MessagingClient audit) {
        return new Orders(items, audit);
    }

    record Orders(Publisher<Item> items, MessagingClient audit) {}

    private static void configure(ConfigurableEnvironment environment) {
        environment
                .getPropertySources()
                .addFirst(new MapPropertySource(
                        "app",
                        Map.of(
                                "oncemq.transport", "toy://aot",
                                "oncemq.idempotency", "memory://aot",
                                "oncemq.profile", "DEV",
                                "oncemq.clients.audit.transport", "toy://aot-audit",
                                "oncemq.clients.audit.without-idempotency", "true",
                                "oncemq.clients.audit.profile", "DEV")));
    }

    /** What Spring does ahead of time, into a folder; the name of the initializer that it generates. Called as {@link #run} is. */
    public static String process(Path folder) {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            configure(context.getEnvironment());
            context.register(AheadOfTimeApp.class);
            DefaultGenerationContext generation = new DefaultGenerationContext(
                    new ClassNameGenerator(ClassName.get(AheadOfTimeApp.class)), new FileSystemGeneratedFiles(folder));
            ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
            generation.writeGeneratedContent();
            assertHints(generation.getRuntimeHints());
            return initializer.reflectionName();
        }
    }

    private static void assertHints(RuntimeHints hints) {
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Warehouse.class, "pack"))
                .accepts(hints);
        for (Class<?> body : List.of(Item.class, Price.class, Shipped.class)) {
            assertThat(RuntimeHintsPredicates.reflection().onType(body))
                    .as(body.getSimpleName())
                    .accepts(hints);
        }
        assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Item.class, "price"))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.resource().forResource("io/oncemq/redis/claims.lua"))
                .accepts(hints);
    }

    /** Starts it from the initializer of that name, and lets an item through. Called by reflection, in a class loader of its own. */
    @SuppressWarnings("unchecked")
    public static void run(String initializer) throws ReflectiveOperationException {
        ToyBroker broker = ToyBroker.named("aot");
        broker.create("items");
        broker.create("items.warehouse.dlq");
        ToyBroker.named("aot-audit").create("shipped");
        try (GenericApplicationContext context = new GenericApplicationContext()) {
            configure(context.getEnvironment());
            ((ApplicationContextInitializer<GenericApplicationContext>) Class.forName(
                                    initializer, true, Thread.currentThread().getContextClassLoader())
                            .getDeclaredConstructor()
                            .newInstance())
                    .initialize(context);
            context.refresh();
            Item item = new Item("1", new Price(5));
            context.getBean(Orders.class)
                    .items()
                    .publish(OutboundMessage.of(item).id("1"))
                    .join();
            Warehouse warehouse = context.getBean(Warehouse.class);
            await().atMost(Duration.ofSeconds(60)).until(() -> warehouse.items.equals(List.of(item)));
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            ToyBroker.named("aot-audit").messages("shipped").size() == 1);
        }
    }
}
