/** The profile and prediction stores: Redis, alone, behind Sentinel or as a cluster; and the embedded one. */
@NullMarked
package io.scorecast.server.store;

import org.jspecify.annotations.NullMarked;
