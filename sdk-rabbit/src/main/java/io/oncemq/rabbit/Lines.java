package io.oncemq.rabbit;

import com.rabbitmq.client.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The connections over which the sources of one client consume. Several share one, each on channels of its own, as many as the server
 * allows on a connection, 2,047 or fewer; a channel's error leaves the others alone. A source that locks what it reads to its connection
 * has one for itself. Thread-safe.
 */
final class Lines {
    /** More would save little, and one thread reads a connection. */
    static final int MOST_USERS = 16;

    /** What a source needs beside its queues: to be counted, to look for shards, and to open one while another is being closed. */
    static final int SPARE = 3;

    /** A source's place on a connection, which may become another one. */
    static final class Seat {
        private Place place;
        private int channels = SPARE;
        private boolean left;

        private Seat(Place place) {
            this.place = place;
        }
    }

    /** A connection with the sources that use it. */
    private static final class Place {
        final Line line;
        final boolean shared;
        final List<Seat> seats = new ArrayList<>();
        /** So many channels the server allows; 0 while that is not known, or unbounded. */
        int most;

        Place(Line line, boolean shared) {
            this.line = line;
            this.shared = shared;
        }

        boolean hasRoom(int channels) {
            return most == 0 || channels() + channels <= most;
        }

        int channels() {
            return seats.stream().mapToInt(seat -> seat.channels).sum();
        }
    }

    private final Connections connections;
    private final List<Place> places = new ArrayList<>();

    Lines(Connections connections) {
        this.connections = connections;
    }

    /** Does not block: the connection is opened when it is needed. @param shared whether with other sources */
    synchronized Seat join(boolean shared) {
        Seat seat = new Seat(place(shared, SPARE));
        seat.place.seats.add(seat);
        return seat;
    }

    private Place place(boolean shared, int channels) {
        for (Place each : places) {
            if (shared && each.shared && each.seats.size() < MOST_USERS && each.hasRoom(channels)) {
                return each;
            }
        }
        Place place = new Place(new Line(connections, "consume"), shared);
        places.add(place);
        return place;
    }

    synchronized Line line(Seat seat) {
        return seat.place.line;
    }

    /**
     * An open connection that has room for so many queues. Blocks while it is opened.
     *
     * @throws io.oncemq.MessagingException as {@link Line#connection}
     */
    Connection connection(Seat seat, int queues) {
        Connection opened = line(seat).connection();
        while (moves(seat, queues, opened.getChannelMax())) {
            opened = line(seat).connection();
        }
        return opened;
    }

    /**
     * Tells how many queues a source reads, before it opens a channel for one.
     *
     * @param most how many channels the server allows on the connection; 0 if it does not bound them
     * @return whether others leave too few: it has another connection from now on
     */
    synchronized boolean moves(Seat seat, int queues, int most) {
        Place before = seat.place;
        seat.channels = queues + SPARE;
        before.most = most;
        if (seat.left || before.seats.size() == 1 || before.hasRoom(0)) {
            return false;
        }
        before.seats.remove(seat);
        seat.place = place(before.shared, seat.channels);
        seat.place.seats.add(seat);
        return true;
    }

    /** Closes the connection after its last user. Blocks then. */
    void leave(Seat seat, Duration deadline) {
        Line line = line(seat);
        if (left(seat) == 0) {
            line.close(deadline);
        }
    }

    /** Breaks what waits on a connection, where that harms no other source. */
    void cut(Seat seat) {
        if (users(seat) <= 1) {
            line(seat).cut();
        }
    }

    private synchronized int left(Seat seat) {
        seat.left = true;
        seat.place.seats.remove(seat);
        places.removeIf(each -> each.seats.isEmpty());
        return seat.place.seats.size();
    }

    private synchronized int users(Seat seat) {
        return seat.place.seats.size();
    }
}
