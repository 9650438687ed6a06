"""What others learned, gathered by theme across languages: quoted and cited, nothing generated."""
