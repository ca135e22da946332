package io.oncemq.it.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.oncemq.spi.TransportProvider;
import io.oncemq.testkit.kit.transport.TransportKit;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class KitCoverageTest {
    private static final JavaClasses HERE = new ClassFileImporter().importPackages("io.oncemq.it");

    @Test
    void everyTransportRunsTheKit() {
        List<String> transports = ServiceLoader.load(TransportProvider.class).stream()
                .map(provider -> provider.get().scheme())
                .toList();
        List<String> tested = running(TransportKit.class).stream()
                .map(type -> kit(type).scheme())
                .toList();
        assertThat(transports).isNotEmpty();
        assertThat(tested).containsExactlyInAnyOrderElementsOf(transports);
    }

    /** Subclasses that the build runs by default. */
    private static List<JavaClass> running(Class<?> kit) {
        return HERE.stream()
                .filter(type -> type.isAssignableTo(kit) && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                .filter(type -> type.getSimpleName().endsWith("IT"))
                .filter(type -> !type.isAnnotatedWith(Disabled.class) && !type.isAnnotatedWith(Tag.class))
                .toList();
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
