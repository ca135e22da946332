package io.oncemq.testkit.fault;

/** Replies can be swallowed, or end their connection. Used by one thread; what it shares is volatile. */
final class Replies implements Direction {
    private final ProxyConnection connection;
    private final Faults faults;
    private boolean cut;
    private boolean inOrder;

    Replies(ProxyConnection connection, Faults faults) {
        this.connection = connection;
        this.faults = faults;
    }

    @Override
    public int admit(byte[] bytes) {
        if (connection.condemned()) {
            return refuse(bytes.length, 0);
        }
        if (connection.halfClosed()) {
            faults.countSwallowed(bytes.length);
            return 0;
        }
        if (faults.swallowing() || connection.lostBytes()) {
            connection.loseBytes();
            if (!faults.swallowing()) {
                // The faults ended in between, and the thread that ended them may not have seen that this one lost
                // bytes.
                return refuse(bytes.length, 0);
            }
            faults.countSwallowed(bytes.length);
            return 0;
        }
        int granted = faults.replies().take(bytes.length);
        if (granted == bytes.length) {
            return granted;
        }
        inOrder = faults.replies().endsInOrder();
        return refuse(bytes.length, granted);
    }

    private int refuse(int length, int granted) {
        cut = true;
        faults.countSwallowed(length - granted);
        return granted;
    }

    @Override
    public void forwarding(int count) {
        faults.countReply(count);
    }

    @Override
    public void forwarded() {
        if (cut) {
            connection.cut(inOrder);
        }
    }
}
