//! How large a paper may be. Beyond every paper of ours, and small enough that one is set within seconds.

/// Characters in one text.
pub const TEXT: usize = 10_000;
/// Characters in all texts together: some 400 sheets.
pub const TEXTS: usize = 400_000;
/// Blocks.
pub const BLOCKS: usize = 1_000;
/// Rows of one table, pairs of one list of fields, steps of one list of steps.
pub const ROWS: usize = 5_000;
/// Cells of all tables together.
pub const CELLS: usize = 50_000;
/// Columns of one table.
pub const COLUMNS: usize = 12;
/// Lines below a table.
pub const TOTALS: usize = 12;
/// Lines of the addressee, and of the sender.
pub const LINES: usize = 12;
/// Signs of one password.
pub const SIGNS: usize = 64;
/// Papers set together as one document; together they are held to [`TEXTS`] as well.
pub const PAPERS: usize = 1_000;
