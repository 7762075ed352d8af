package dev.atoll.manager.host;

import dev.atoll.model.file.FileOperation;
import dev.atoll.model.file.FileReach;
import dev.atoll.model.id.SandboxId;
import dev.atoll.protocol.FileOperationMessages;
import dev.atoll.protocol.host.v1.FileBegin;

/** A host's files over gRPC. */
final class GrpcHostFiles implements HostFiles {
    private final GrpcCalls calls;

    GrpcHostFiles(GrpcCalls calls) {
        this.calls = calls;
    }

    @Override
    public FileExchange begin(SandboxId sandbox, FileReach reach, FileOperation operation) {
        FileBegin.Builder begin = FileBegin.newBuilder().setSandboxId(sandbox.value());
        reach.user().ifPresent(begin::setUser);
        reach.workspace().ifPresent(begin::setWorkspace);
        GrpcFileExchange exchange =
                new GrpcFileExchange(FileOperationMessages.put(begin, operation).build());
        exchange.open(calls);
        return exchange;
    }
}
