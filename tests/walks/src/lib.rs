//! One walk for each procedure of the sources, over real HTTP: see `tests/walks`.
