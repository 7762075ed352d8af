package dev.atoll.hostagent.pool;

import dev.atoll.hostagent.box.BoxTemplate;
import dev.atoll.model.image.ImageName;

/**
 * What is kept of one template.
 *
 * @param image the name by which it was asked for last
 * @param ready boxes that run and wait
 * @param booted boxes that have booted and not started
 * @param making boxes that are being made
 * @param target how many should be ready now
 */
public record PoolReport(BoxTemplate template, ImageName image, int ready, int booted, int making, int target) {}
