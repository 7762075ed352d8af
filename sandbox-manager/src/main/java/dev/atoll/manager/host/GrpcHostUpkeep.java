package dev.atoll.manager.host;

import dev.atoll.model.host.HostPool;
import dev.atoll.protocol.PoolMessages;
import dev.atoll.protocol.host.v1.ListPoolsRequest;
import dev.atoll.protocol.host.v1.Orphan;
import dev.atoll.protocol.host.v1.SweepOrphansRequest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A host's upkeep over gRPC. */
final class GrpcHostUpkeep implements HostUpkeep {
    private final GrpcCalls calls;
    private final CallSettings settings;

    GrpcHostUpkeep(GrpcCalls calls, CallSettings settings) {
        this.calls = calls;
        this.settings = settings;
    }

    @Override
    public List<HostPool> pools() {
        return calls
                .call(settings.quick(), host -> host.listPools(ListPoolsRequest.getDefaultInstance()))
                .getPoolsList()
                .stream()
                .map(PoolMessages::toModel)
                .toList();
    }

    @Override
    public Map<String, Long> sweep() {
        return calls
                .call(settings.stop(), host -> host.sweepOrphans(SweepOrphansRequest.getDefaultInstance()))
                .getOrphansList()
                .stream()
                .collect(Collectors.groupingBy(Orphan::getKind, TreeMap::new, Collectors.counting()));
    }
}
