"""Export: models of torch as ONNX files that run without it."""
