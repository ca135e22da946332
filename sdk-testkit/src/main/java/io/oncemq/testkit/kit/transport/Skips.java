package io.oncemq.testkit.kit.transport;

import io.oncemq.Capabilities;
import io.oncemq.spi.BrokerTransport;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which tests of a kit a broker's capabilities rule out, or its fixture cannot run. */
final class Skips {
    private Skips() {}

    static Set<String> of(TransportFixture fixture) {
        Capabilities capabilities = capabilities(fixture);
        return Arrays.stream(TransportKit.class.getDeclaredClasses())
                .map(Class::getSuperclass)
                .flatMap(scenario -> Stream.of(scenario.getDeclaredMethods()))
                .filter(test -> isRuledOut(test, capabilities) || lacksItsGuard(test, fixture))
                .map(test -> test.getDeclaringClass().getSimpleName() + "." + test.getName())
                .collect(Collectors.toSet());
    }

    static boolean isRuledOut(Method test, Capabilities capabilities) {
        Requires requires = test.getAnnotation(Requires.class);
        return requires != null && !Arrays.stream(requires.value()).allMatch(capabilities::supports);
    }

    static boolean lacksItsGuard(Method test, TransportFixture fixture) {
        return test.isAnnotationPresent(NeedsGuard.class) && fixture.guarded().isEmpty();
    }

    private static Capabilities capabilities(TransportFixture fixture) {
        try (BrokerTransport transport = fixture.transport().open("capabilities")) {
            return transport.capabilities();
        }
    }
}
