//! Mail and notices, and the record of what was delivered.
