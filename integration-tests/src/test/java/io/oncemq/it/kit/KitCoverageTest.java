package io.oncemq.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.oncemq.kafka.GroupProtocol;
import io.oncemq.spi.IdempotencyStoreProvider;
import io.oncemq.spi.TransportProvider;
import io.oncemq.testkit.kit.store.DataLossKit;
import io.oncemq.testkit.kit.store.IdempotencyStoreKit;
import io.oncemq.testkit.kit.store.StoreEnduranceKit;
import io.oncemq.testkit.kit.transport.TransportKit;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class KitCoverageTest {
    private static final JavaClasses HERE = new ClassFileImporter().importPackages("io.oncemq.it");

    /** Adapters that reach their broker in several ways, each of which has to pass. */
    private static final Map<String, Set<String>> VARIANTS =
            Map.of("kafka", Stream.of(GroupProtocol.values()).map(Enum::name).collect(Collectors.toSet()));

    @Test
    void everyTransportRunsTheKitInEachOfItsVariants() {
        List<String> transports = ServiceLoader.load(TransportProvider.class).stream()
                .map(provider -> provider.get().scheme())
                .flatMap(scheme ->
                        VARIANTS.getOrDefault(scheme, Set.of("")).stream().map(variant -> scheme + " " + variant))
                .toList();
        List<String> tested = running(TransportKit.class).stream()
                .map(KitCoverageTest::kit)
                .map(kit -> kit.scheme() + " " + kit.variant())
                .toList();
        assertThat(transports).isNotEmpty();
        assertThat(tested).containsExactlyInAnyOrderElementsOf(transports);
    }

    /** By convention the kits of the store in {@code io.oncemq.redis} run in {@code io.oncemq.it.redis}. */
    @Test
    void everyStoreRunsTheKits() {
        Set<String> stores = ServiceLoader.load(IdempotencyStoreProvider.class).stream()
                .map(provider -> provider.type().getPackageName())
                .filter(name -> !name.startsWith("io.oncemq.core"))
                .map(name -> name.replace("io.oncemq.", "io.oncemq.it."))
                .collect(Collectors.toSet());
        assertThat(stores).isNotEmpty();
        for (Class<?> kit : List.of(IdempotencyStoreKit.class, StoreEnduranceKit.class, DataLossKit.class)) {
            assertThat(running(kit)).extracting(JavaClass::getPackageName).containsAll(stores);
        }
    }

    /** Subclasses that the build runs by default. */
    private static List<JavaClass> running(Class<?> kit) {
        return HERE.stream()
                .filter(type -> type.isAssignableTo(kit) && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter(type -> type.getSimpleName().endsWith("IT"))
                .filter(type -> !type.isAnnotatedWith(Disabled.class) && runsByDefault(type))
                .toList();
    }

    /** The tag containers says where a test runs as well; every other one keeps it out of the default run. */
    private static boolean runsByDefault(JavaClass type) {
        return type.tryGetAnnotationOfType(Tag.class)
                .map(tag -> tag.value().equals("containers"))
                .orElse(true);
    }

    private static TransportKit kit(JavaClass type) {
        try {
            var constructor = type.reflect().getDeclaredConstructor();
            constructor.setAccessible(true);
            return (TransportKit) constructor.newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
