package io.scorecast.engine.profile;

import io.scorecast.engine.event.Event;

/**
 * An event as it stands in a log.
 *
 * @param arrival when it was received, epoch milliseconds
 */
public record LoggedEvent(Event event, long arrival) {}
