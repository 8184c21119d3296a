"""What models share on a device: batches that fit its memory, CUDA graphs, and kernels."""
