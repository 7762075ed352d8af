package dev.atoll.isolation.files;

import dev.atoll.isolation.guest.SanitizedBuild;
import java.nio.file.Path;

/** The same with a service that stops at the first bad access or undefined operation. */
class NativeFilesSanitizedTest extends NativeFilesTest {
    @Override
    Path binary() throws Exception {
        return SanitizedBuild.guest();
    }
}
