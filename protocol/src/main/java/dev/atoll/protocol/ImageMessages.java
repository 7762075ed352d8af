package dev.atoll.protocol;

import dev.atoll.model.id.ImageId;
import dev.atoll.model.image.Image;
import dev.atoll.model.image.ImageConfig;
import dev.atoll.model.image.ImageName;
import dev.atoll.model.image.ImageState;
import java.util.Optional;

/** Images to and from messages. */
public final class ImageMessages {
    private ImageMessages() {}

    public static dev.atoll.protocol.host.v1.Image toMessage(Image image) {
        return dev.atoll.protocol.host.v1.Image.newBuilder()
                .setName(image.name().value())
                .setImageId(image.id().map(ImageId::value).orElse(""))
                .setState(toMessage(image.state()))
                .setSizeBytes(image.sizeBytes())
                .setProgress(image.progress())
                .addAllEnv(image.config().env())
                .setWorkingDir(image.config().workingDir())
                .setUser(image.config().user())
                .setCreatedAtUs(Instants.toMicros(image.createdAt()))
                .build();
    }

    public static Image toModel(dev.atoll.protocol.host.v1.Image message) {
        return new Image(
                new ImageName(message.getName()),
                message.getImageId().isEmpty() ? Optional.empty() : Optional.of(new ImageId(message.getImageId())),
                toModel(message.getState()),
                message.getSizeBytes(),
                message.getProgress(),
                new ImageConfig(message.getEnvList(), message.getWorkingDir(), message.getUser()),
                Instants.ofMicros(message.getCreatedAtUs()));
    }

    private static dev.atoll.protocol.host.v1.ImageState toMessage(ImageState state) {
        return switch (state) {
            case MAKING -> dev.atoll.protocol.host.v1.ImageState.IMAGE_STATE_MAKING;
            case READY -> dev.atoll.protocol.host.v1.ImageState.IMAGE_STATE_READY;
            case FAILED -> dev.atoll.protocol.host.v1.ImageState.IMAGE_STATE_FAILED;
        };
    }

    private static ImageState toModel(dev.atoll.protocol.host.v1.ImageState state) {
        return switch (state) {
            case IMAGE_STATE_MAKING -> ImageState.MAKING;
            case IMAGE_STATE_READY -> ImageState.READY;
            case IMAGE_STATE_FAILED, IMAGE_STATE_UNKNOWN, UNRECOGNIZED -> ImageState.FAILED;
        };
    }
}
