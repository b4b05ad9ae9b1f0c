/** Model versions: the folder, its manifest and its checks. Knows no runtime, only the interface that one implements. */
@NullMarked
package io.scorecast.engine.model;

import org.jspecify.annotations.NullMarked;
