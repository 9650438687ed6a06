"""Personal data in free text: e-mail addresses, telephone numbers, identifiers of persons. No models, no database."""
