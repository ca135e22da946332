package io.oncemq.torture;

import io.oncemq.testkit.fault.TcpProxy;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The ways of the processes of a run to a server, through proxies that misbehave as a network does. */
final class Routes implements AutoCloseable {
    private final List<TcpProxy> all = new ArrayList<>();
    private final List<List<TcpProxy>> members;

    private Routes(List<TcpProxy> driver, List<List<TcpProxy>> members) {
        this.members = members;
        all.addAll(driver);
        members.stream()
                .flatMap(List::stream)
                .filter(each -> !all.contains(each))
                .forEach(all::add);
    }

    /** For a server that tells all of its clients one address: one port of {@code localhost}, whatever that is to each of them. */
    static Routes ofOneName(int target) {
        TcpProxy driver = TcpProxy.to(target);
        List<List<TcpProxy>> members = IntStream.range(0, Fleet.SLOTS)
                .mapToObj(slot -> List.of(Loopback.isDivided() ? besides(driver.port(), slot, target) : driver))
                .toList();
        return new Routes(List.of(driver), members);
    }

    /** For a server that tells its clients nothing: a port for each member, and none for the driver. */
    static Routes ofManyPorts(int target) {
        return new Routes(
                List.of(),
                IntStream.range(0, Fleet.SLOTS)
                        .mapToObj(slot -> List.of(TcpProxy.to(target)))
                        .toList());
    }

    /** For servers that name {@code localhost} and their own ports: the same ports of each member's address, and no proxy for the driver. */
    static Routes ofEachHost(List<Integer> targets) {
        return new Routes(
                List.of(),
                IntStream.range(0, Fleet.SLOTS)
                        .mapToObj(slot -> targets.stream()
                                .map(target -> besides(target, slot, target))
                                .toList())
                        .toList());
    }

    private static TcpProxy besides(int port, int slot, int target) {
        return TcpProxy.at(new InetSocketAddress(Loopback.of(slot), port), target);
    }

    /** All of them. */
    List<TcpProxy> all() {
        return List.copyOf(all);
    }

    /** Those of one member. */
    List<TcpProxy> of(int slot) {
        return members.get(slot);
    }

    /** The first port that a member goes to. */
    int port(int slot) {
        return members.get(slot).get(0).port();
    }

    /** Whether a member's way can be disturbed and those of others not. */
    boolean areSeparate() {
        return !members.get(0).equals(members.get(1));
    }

    /** Ends every fault. */
    void restore() {
        all.forEach(TcpProxy::restore);
    }

    @Override
    public void close() {
        all.forEach(TcpProxy::close);
    }
}
