package io.oncemq.testkit.kit.transport;

import io.oncemq.ConnectionException;
import io.oncemq.spi.TransportFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The way to a broker in memory through a network: its port says which one it is, and nothing else passes there. */
public final class MemoryMember implements MemberTransport {
    private static final int PATIENCE_MILLIS = 1_000;

    public MemoryMember() {}

    @Override
    public TransportFactory at(String address) {
        return clientId -> new MemoryTransport(find(address), address);
    }

    private static MemoryBroker find(String address) {
        String[] parts = address.split(":");
        try (Socket socket = new Socket(parts[0], Integer.parseInt(parts[1]))) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write('?');
            String greeting = new BufferedReader(
                            new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
            return MemoryPort.named(String.valueOf(greeting));
        } catch (IOException e) {
            String at = MemoryTransportKit.defect == Defect.NAMES_NO_ADDRESS ? "the broker" : address;
            throw new ConnectionException(at + " is not reached: " + e.getMessage(), e);
        }
    }
}
