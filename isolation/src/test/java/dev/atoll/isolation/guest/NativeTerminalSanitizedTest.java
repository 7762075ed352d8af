package dev.atoll.isolation.guest;

import java.nio.file.Path;

/** The same with a guest that stops at the first bad access or undefined operation. */
class NativeTerminalSanitizedTest extends NativeTerminalTest {
    @Override
    Path binary() throws Exception {
        return SanitizedBuild.guest();
    }
}
