package dev.atoll.manager.host;

import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageName;
import dev.atoll.protocol.ImageMessages;
import dev.atoll.protocol.host.v1.GetImageRequest;
import dev.atoll.protocol.host.v1.ListImagesRequest;
import dev.atoll.protocol.host.v1.RemoveImageRequest;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;

/** A host's images over gRPC. */
final class GrpcHostImages implements HostImages {
    private final GrpcCalls calls;
    private final CallSettings settings;

    GrpcHostImages(GrpcCalls calls, CallSettings settings) {
        this.calls = calls;
        this.settings = settings;
    }

    @Override
    public List<Image> images() {
        return calls
                .call(settings.quick(), host -> host.listImages(ListImagesRequest.getDefaultInstance()))
                .getImagesList()
                .stream()
                .map(ImageMessages::toModel)
                .toList();
    }

    @Override
    public Image image(ImageName name, boolean make, Duration wait) {
        GetImageRequest request = GetImageRequest.newBuilder()
                .setName(name.value())
                .setMake(make)
                .setWaitMs(wait.toMillis())
                .build();
        return ImageMessages.toModel(calls.call(settings.quick().plus(wait), host -> host.getImage(request))
                .getImage());
    }

    @Override
    public Image importArchive(ImageName name, InputStream archive) {
        return ImageMessages.toModel(new GrpcUpload(calls, settings.importArchive())
                .send(name.value(), archive)
                .getImage());
    }

    @Override
    public void remove(ImageName name) {
        RemoveImageRequest request =
                RemoveImageRequest.newBuilder().setName(name.value()).build();
        calls.call(settings.stop(), host -> host.removeImage(request));
    }
}
