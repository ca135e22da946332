package io.oncemq.testkit.fault;

import java.nio.charset.StandardCharsets;

/** Requests pass up to their budget; one that carries the marker condemns its connection. Used by one thread. */
final class Requests implements Direction {
    private final ProxyConnection connection;
    private final Faults faults;
    private String tail = "";
    private boolean cut;

    Requests(ProxyConnection connection, Faults faults) {
        this.connection = connection;
        this.faults = faults;
    }

    @Override
    public int admit(byte[] bytes) {
        look(bytes);
        int granted = faults.requests().take(bytes.length);
        cut = granted < bytes.length;
        return granted;
    }

    private void look(byte[] bytes) {
        byte[] marker = faults.marker();
        if (marker == null) {
            tail = "";
            return;
        }
        // Latin-1 maps bytes to characters one to one, so text search is byte search.
        String seen = tail + new String(bytes, StandardCharsets.ISO_8859_1);
        if (seen.contains(new String(marker, StandardCharsets.ISO_8859_1)) && faults.takeMarker(marker)) {
            connection.condemn();
        }
        tail = seen.substring(Math.max(0, seen.length() - marker.length + 1));
    }

    @Override
    public void forwarding(int count) {
        faults.countRequest(count);
    }

    @Override
    public void forwarded() {
        if (cut) {
            connection.cut(faults.requests().endsInOrder());
        }
    }
}
