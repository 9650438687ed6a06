"""Which objectives and principles of the Compact a text is about: proposals with probabilities and evidence."""
