package dev.atoll.imagecas.store;

import dev.atoll.imagecas.source.ImageLimits;
import dev.atoll.imagecas.source.ImageSource;
import dev.atoll.imagecas.source.ProgressListener;
import dev.atoll.model.problem.Problem;
import dev.atoll.model.problem.ProblemCode;
import java.io.InputStream;
import java.nio.file.Path;

final class ImageAssembler {
    ImageAssembler(ImageLimits limits) {}

    Path receive(InputStream upload, Path workshop, ProgressListener progress) {
        throw Problem.of(ProblemCode.IMAGE_BUILD_FAILED, "not yet").asException();
    }

    ImageRecord assemble(ImageSource source, Path workshop, ProgressListener progress) {
        throw Problem.of(ProblemCode.IMAGE_BUILD_FAILED, "not yet").asException();
    }
}
