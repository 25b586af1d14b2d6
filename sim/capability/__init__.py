"""What a model loses without some of its data: surrogate, presets, fits to real runs."""
