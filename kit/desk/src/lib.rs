//! How a desk plugs in, and what every desk does the same way.
