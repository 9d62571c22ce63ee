//! What a person sees and does in Chromium, at a server of the town.

mod apply;
mod gallery;
mod keyboard;
mod open_notice;
mod pages;
mod passkey;
mod walk;
