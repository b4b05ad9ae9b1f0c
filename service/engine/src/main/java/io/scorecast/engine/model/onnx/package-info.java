/** ONNX Runtime sessions as a model runtime. */
@NullMarked
package io.scorecast.engine.model.onnx;

import org.jspecify.annotations.NullMarked;
