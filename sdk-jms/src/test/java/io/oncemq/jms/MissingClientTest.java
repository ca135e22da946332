package io.oncemq.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.oncemq.ConfigurationException;
import io.oncemq.spi.TransportFactory;
import io.oncemq.spi.TransportProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import org.junit.jupiter.api.Test;

/** Clients of brokers are optional dependencies. */
class MissingClientTest {
    @Test
    void namesTheDependencyThatArtemisNeeds() throws Exception {
        TransportProvider provider = (TransportProvider) new WithoutClients()
                .loadClass("io.oncemq.jms.ArtemisProvider")
                .getConstructor()
                .newInstance();
        TransportFactory factory = provider.fromUri(URI.create("artemis://localhost"));
        assertThatExceptionOfType(ConfigurationException.class)
                .isThrownBy(() -> factory.open("client"))
                .satisfies(
                        refusal -> assertThat(refusal.remedy()).contains("org.apache.artemis:artemis-jakarta-client"));
    }

    /** Has this module's classes and none of a broker's client. */
    private static final class WithoutClients extends ClassLoader {
        WithoutClients() {
            super(MissingClientTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("org.apache.activemq.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.oncemq.jms.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> known = findLoadedClass(name);
            return known == null ? define(name) : known;
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream bytes = getResourceAsStream(name.replace('.', '/') + ".class")) {
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                byte[] code = bytes.readAllBytes();
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
