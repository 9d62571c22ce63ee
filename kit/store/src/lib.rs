//! Db, Tx, dialects, migrations, row parsing, blobs.
