/** Rules that turn outputs, features and attributes into points, segments and a decision. */
@NullMarked
package io.scorecast.engine.policy;

import org.jspecify.annotations.NullMarked;
