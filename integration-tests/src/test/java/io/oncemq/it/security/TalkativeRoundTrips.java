package io.oncemq.it.security;

import io.oncemq.Tls;
import io.oncemq.testkit.server.KafkaSecurity;
import io.oncemq.testkit.server.SecuredListener;
import io.oncemq.testkit.server.TestCertificates;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Round trips with every kind of secret, in a JVM whose log is set to tell much; leaves the secrets in a file. */
final class TalkativeRoundTrips {
    private TalkativeRoundTrips() {}

    /** Argument: the file for the secrets, one in each line. */
    public static void main(String[] args) throws Exception {
        KafkaSecurity security = SecuredKafka.security();
        TestCertificates files = security.certificates();
        List<String> secrets = new ArrayList<>(List.of(security.password(), files.password()));
        secrets.add(Files.readAllLines(files.clientKey()).get(1));

        Tls tls = SecuredKafka.trusting().identity(files.clientStore(), files.password());
        SecuredRoundTrip.assertWorks(SecuredKafka.at(SecuredListener.MUTUAL_TLS).tls(tls));
        Tls pem = SecuredKafka.trusting().identity(files.clientCertificate(), files.clientKey());
        SecuredRoundTrip.assertWorks(SecuredKafka.at(SecuredListener.MUTUAL_TLS).tls(pem));
        SecuredRoundTrip.assertWorks(SecuredKafka.at(SecuredListener.SASL).scram(security.user(), security.password()));
        SecuredRoundTrip.assertWorks(SecuredKafka.at(SecuredListener.SASL).oauthBearer(() -> {
            var token = SecuredKafka.unsignedToken(Duration.ofMinutes(5));
            synchronized (secrets) {
                secrets.add(token.value());
            }
            return token;
        }));
        synchronized (secrets) {
            Files.write(Path.of(args[0]), secrets);
        }
        System.exit(0);
    }
}
