//! One walk for each procedure of the sources, over real HTTP, under a clock that moves when told.

mod c01_application;
mod c05_download;
mod c05_right_person;
mod c07_password;
mod c09_review;
mod c10_agents;
mod c11_runs;
mod c12_expiry;
mod c18_offset;
mod c21_whole_path;
mod c23_offices;
mod desk;
mod k08_ledger;
mod k09_doors;
mod k10_authority;
mod k16_programs;
mod kills;
mod n16_faults;
