package dev.atoll.cli.attach;

import java.io.ByteArrayOutputStream;

/**
 * Watches what is typed for the keys that let go of the command: {@code ~.} at the beginning of a line, as ssh has it, and Ctrl-P Ctrl-Q,
 * as docker has it. A {@code ~} at the beginning of a line and a Ctrl-P are held back until the next key, so that nothing of the detach
 * keys reaches the command: a shell would take the Ctrl-P for a wish to see the last line again. {@code ~~} is one of it. Used by one
 * thread.
 */
final class DetachKeys {
    private static final int TILDE = '~';
    private static final int DOT = '.';
    private static final int CONTROL_P = 0x10;
    private static final int CONTROL_Q = 0x11;

    private boolean lineBegins = true;
    private boolean tilde;
    private boolean controlP;
    private boolean detached;

    /** What of the typed bytes goes to the command. */
    byte[] pass(byte[] typed, int count) {
        ByteArrayOutputStream passed = new ByteArrayOutputStream(count + 1);
        for (int i = 0; i < count && !detached; i++) {
            key(typed[i], passed);
        }
        return passed.toByteArray();
    }

    /** Whether they were pressed; nothing is passed on after that. */
    boolean detached() {
        return detached;
    }

    private void key(int key, ByteArrayOutputStream passed) {
        if (controlP) {
            controlP = false;
            if (key == CONTROL_Q) {
                detached = true;
                return;
            }
            passed.write(CONTROL_P);
            lineBegins = false;
        }
        if (key == CONTROL_P && !tilde) {
            controlP = true;
            return;
        }
        if (tilde) {
            tilde = false;
            if (key == DOT) {
                detached = true;
                return;
            }
            if (key != TILDE) {
                passed.write(TILDE);
            }
        } else if (key == TILDE && lineBegins) {
            tilde = true;
            return;
        }
        passed.write(key);
        lineBegins = key == '\r' || key == '\n';
    }
}
