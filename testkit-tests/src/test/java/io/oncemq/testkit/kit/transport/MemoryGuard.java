package io.oncemq.testkit.kit.transport;

import io.oncemq.DestinationSpec;
import io.oncemq.spi.TransportFactory;
import io.oncemq.testkit.kit.transport.Right.Use;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Users of a broker in memory, which looks at their passwords and rights whenever they do something. */
final class MemoryGuard implements GuardedBroker {
    private record Denied(String user, Use use, String destination) {}

    private final MemoryBroker broker;
    private final Map<String, String> passwords = new ConcurrentHashMap<>();
    private final Set<Denied> denied = ConcurrentHashMap.newKeySet();

    MemoryGuard(MemoryBroker broker) {
        this.broker = broker;
    }

    boolean lets(String user, String password, Use use, String destination) {
        return password.equals(passwords.get(user)) && !denied.contains(new Denied(user, use, destination));
    }

    @Override
    public TransportFactory operator() {
        return clientId -> new MemoryTransport(broker);
    }

    @Override
    public TransportFactory user(String name, String password) {
        return clientId -> new MemoryTransport(broker, new MemoryLogin(this, name, password));
    }

    @Override
    public List<Right> rights() {
        return List.of(
                Right.of("write", Use.PUBLISH),
                Right.of("read", Use.CONSUME),
                Right.of("write to the dead letters", Use.DEAD_LETTER),
                Right.of("create", Use.ENSURE));
    }

    @Override
    public void allow(String user, String password, String destination, String group) {
        passwords.put(user, password);
        denied.removeIf(each -> each.user().equals(user));
    }

    @Override
    public void deny(String user, String destination, String group, Right right) {
        for (Use use : right.needed()) {
            denied.add(
                    use == Use.DEAD_LETTER
                            ? new Denied(user, Use.PUBLISH, DestinationSpec.deadLetterName(destination, group))
                            : new Denied(user, use, destination));
        }
    }

    @Override
    public void changePassword(String user, String password) {
        passwords.put(user, password);
    }

    @Override
    public void closeConnections() {}

    @Override
    public int members(String destination, String group) {
        return broker.members(destination, group);
    }
}
