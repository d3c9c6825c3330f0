"""Conversion of graph models of the browser into ONNX, without TensorFlow."""
