"""Programs that train and measure a WhisperVQ tokenizer: prepare, train, evaluate."""
