package io.oncemq.bench;

import java.util.Arrays;

/** What one side reached in its counted runs, in the order of the runs. Immutable. */
record Series(String name, double[] values) {
    Series {
        if (values.length == 0) {
            throw new IllegalArgumentException(name + " has no runs");
        }
        values = values.clone();
    }

    @Override
    public double[] values() {
        return values.clone();
    }

    double median() {
        double[] sorted = sorted();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double min() {
        return sorted()[0];
    }

    double max() {
        return sorted()[values.length - 1];
    }

    /** The distance between the best and the worst run, as a share of the median. */
    double spread() {
        return (max() - min()) / median();
    }

    /** The ratio of the medians. */
    double ratioTo(Series base) {
        return median() / base.median();
    }

    /** This side against the other in each round: runs that were neighbours in time share the machine's mood. */
    Series roundRatiosTo(Series base) {
        double[] ratios = new double[Math.min(values.length, base.values.length)];
        Arrays.setAll(ratios, i -> values[i] / base.values[i]);
        return new Series(name + " / " + base.name, ratios);
    }

    private double[] sorted() {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Series that && name.equals(that.name) && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return name + Arrays.toString(values);
    }
}
