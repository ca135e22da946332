package io.oncemq.torture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class RedirectionTest {
    private static final Redirection TO_ANOTHER =
            new Redirection(Map.of(name(Original.class), "name(JD)Ljava/lang/String;"), name(Another.class));

    @Test
    void callsGoToTheOtherClass() throws Exception {
        byte[] changed = Objects.requireNonNull(TO_ANOTHER.applyTo(file(Caller.class)));
        Object caller = new OwnClass(changed).type().getConstructor().newInstance();
        assertThat(((Callable<?>) caller).call()).isEqualTo("another 1 2.0, original 3.0 4");
    }

    @Test
    void aClassWithoutSuchCallsStaysAsItIs() throws Exception {
        assertThat(TO_ANOTHER.applyTo(file(Original.class))).isNull();
    }

    private static String name(Class<?> type) {
        return type.getName().replace('.', '/');
    }

    private static byte[] file(Class<?> type) throws Exception {
        try (InputStream file = RedirectionTest.class.getResourceAsStream("/" + name(type) + ".class")) {
            return Objects.requireNonNull(file).readAllBytes();
        }
    }

    private static final class OwnClass extends ClassLoader {
        private final byte[] file;

        OwnClass(byte[] file) {
            super(RedirectionTest.class.getClassLoader());
            this.file = file;
        }

        Class<?> type() {
            return defineClass(Caller.class.getName(), file, 0, file.length);
        }
    }

    /** Calls a method, and another one of the same name. */
    public static final class Caller implements Callable<String> {
        private static final long FIRST = 1L << 40;

        @Override
        public String call() {
            return Original.name(FIRST >> 40, 2.0) + ", " + Original.name(3.0, 4);
        }
    }

    /** Whose method is called. */
    public static final class Original {
        private Original() {}

        public static String name(long one, double two) {
            return "original " + one + " " + two;
        }

        public static String name(double one, long two) {
            return "original " + one + " " + two;
        }
    }

    /** Whose method ought to be called. */
    public static final class Another {
        private Another() {}

        public static String name(long one, double two) {
            return "another " + one + " " + two;
        }
    }
}
