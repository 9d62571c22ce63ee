//! What a person sees and does in a real Chromium, at a real server.

mod apply;
mod gallery;
mod keyboard;
mod pages;
mod passkey;
mod walk;
