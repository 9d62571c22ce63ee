//! Pages for people: the gate, the desks, the gallery, and the home page with their doors.

mod guard;
mod home;
mod parts;

pub use parts::Portal;

use crate::server::Work;
use axum::Router;
use kit_desk::Desk;
use std::sync::Arc;

/// The pages of the portal, complete: to be merged with what machines are served. `work` has the places of people.
pub fn pages(portal: &Portal, work: Work) -> Router {
    let mut inside = home::router(portal.desks.clone()).merge(kit_gate::router(&portal.gate));
    for desk in portal.desks.iter() {
        inside = inside.merge(desk.pages());
    }
    if portal.gallery {
        inside = inside.merge(kit_web::gallery::router(samples(&portal.desks)));
    }
    kit_web::serve(guard::around(portal.gate.guard(inside), work), portal.chrome.clone())
}

/// Every page and component with sample data.
pub fn samples(desks: &[Arc<dyn Desk>]) -> Vec<kit_web::Sample> {
    let mut all = kit_web::samples();
    all.extend(kit_gate::samples());
    for desk in desks {
        all.extend(desk.samples());
    }
    all
}
