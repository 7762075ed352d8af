package dev.atoll.bench.load;

/** How fast something grows. */
final class Slope {
    private Slope() {}

    /** The slope of the straight line that fits best by least squares; 0 when all {@code x} are the same. */
    static double of(double[] x, double[] y) {
        double meanX = mean(x);
        double meanY = mean(y);
        double above = 0;
        double below = 0;
        for (int i = 0; i < x.length; i++) {
            above += (x[i] - meanX) * (y[i] - meanY);
            below += (x[i] - meanX) * (x[i] - meanX);
        }
        return below == 0 ? 0 : above / below;
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return values.length == 0 ? 0 : sum / values.length;
    }
}
