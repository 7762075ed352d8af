package dev.atoll.manager.host;

final class FakeHostTest extends HostClientContract {
    @Override
    HostClient client() {
        return host;
    }
}
