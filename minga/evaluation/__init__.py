"""How good the methods are: on labelled texts that the installation ships or that somebody brings. Nothing is kept."""
