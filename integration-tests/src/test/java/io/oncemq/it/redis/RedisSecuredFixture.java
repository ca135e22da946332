package io.oncemq.it.redis;

import io.oncemq.Tls;
import io.oncemq.redis.RedisIdempotency;
import io.oncemq.spi.TlsContexts;
import io.oncemq.testkit.fault.TlsTerminator;
import io.oncemq.testkit.kit.store.StoreAbility;
import io.oncemq.testkit.server.RedisServer;
import io.oncemq.testkit.server.Server;
import io.oncemq.testkit.server.TestCertificates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLContext;

/** A server that clients reach by TLS with a certificate of their own, as a user with the rights that docs/redis.md lists. */
final class RedisSecuredFixture extends RedisDeployment {
    private static final String USER = "billing";
    private static final String SECRET = "s3cret";

    private final TestCertificates certificates;
    private final RedisServer redis;
    private final TlsTerminator tls;

    RedisSecuredFixture(Path folder) {
        certificates = TestCertificates.in(folder);
        redis = RedisServer.builder()
                .appendFsync(RedisServer.Fsync.ALWAYS)
                .argument(
                        "aclfile",
                        acl(folder, USER, SECRET, LeastRights.documented()).toString())
                .build();
        redis.start();
        tls = TlsTerminator.requiringCertificates(redis.port(), server(certificates));
    }

    static Path acl(Path folder, String user, String secret, String rights) {
        try {
            return Files.writeString(
                    folder.resolve(user + ".acl"),
                    "user default on nopass ~* &* +@all\nuser " + user + " on >" + secret + " " + rights + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a server uses that trusts the same authority as its clients. */
    static SSLContext server(TestCertificates files) {
        return TlsContexts.of(Tls.trusting(files.authority()).identity(files.serverCertificate(), files.serverKey()));
    }

    @Override
    public Set<StoreAbility> abilities() {
        return EnumSet.allOf(StoreAbility.class);
    }

    @Override
    RedisIdempotency at(int port) {
        return RedisIdempotency.at(
                        "rediss://" + USER + ":" + SECRET + "@localhost:" + (port == DIRECT ? tls.port() : port))
                .tls(Tls.trusting(certificates.authority())
                        .identity(certificates.clientStore(), certificates.password()));
    }

    @Override
    List<RedisServer> masters() {
        return List.of(redis);
    }

    @Override
    public Server server() {
        return redis;
    }

    @Override
    public int port() {
        return tls.port();
    }

    @Override
    public void loseData() {
        redis.restartEmpty();
    }

    @Override
    public void close() {
        tls.close();
        super.close();
    }
}
