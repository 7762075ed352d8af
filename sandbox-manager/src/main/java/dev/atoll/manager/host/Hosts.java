package dev.atoll.manager.host;

import dev.atoll.model.host.HostDescription;
import java.util.List;

public class Hosts {
    public List<HostDescription> describe() {
        throw new UnsupportedOperationException();
    }
}
