package dev.atoll.cli.terminal;

/** The size of a terminal's window, in characters. */
public record WindowSize(int rows, int columns) {
    /** What programs take a terminal for that does not know its size. */
    private static final WindowSize USUAL = new WindowSize(24, 80);

    private static final int MOST = 65_535;

    /** Reads {@code rows columns} as stty prints it. */
    static WindowSize parse(String text) {
        String[] words = text.strip().split(" ", -1);
        if (words.length != 2 || !words[0].matches("[0-9]{1,5}") || !words[1].matches("[0-9]{1,5}")) {
            return USUAL;
        }
        int rows = Integer.parseInt(words[0]);
        int columns = Integer.parseInt(words[1]);
        return rows < 1 || columns < 1 || rows > MOST || columns > MOST ? USUAL : new WindowSize(rows, columns);
    }
}
