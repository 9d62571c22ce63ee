//! The home page: what the service is, and a door for each desk with who it is for.

use axum::{Router, extract::State, http::StatusCode, response::Response, routing::get};
use kit_desk::Desk;
use kit_web::{
    Frame, Stack,
    parts::{Door, Doors},
};
use std::sync::Arc;

type Desks = Arc<[Arc<dyn Desk>]>;

pub(super) fn router(desks: Desks) -> Router {
    Router::new().route("/", get(show)).with_state(desks)
}

async fn show(State(desks): State<Desks>, frame: Frame) -> Response {
    let say = &frame.say;
    let doors = desks.iter().map(|desk| {
        let plate = desk.door();
        Door {
            name: say.text(&plate.name).to_owned(),
            whom: say.text(&plate.whom).to_owned(),
            what: say.text(&plate.what).to_owned(),
            href: plate.enter.to_owned(),
        }
    });
    let mut body = Stack::new().text(&say.t("home-what"));
    body = match desks.is_empty() {
        true => body.text(&say.t("home-no-desk")),
        false => body.add(&Doors::new(doors.collect())),
    };
    let staff = desks.iter().map(|desk| {
        let plate = desk.door();
        Door {
            name: say.text(&plate.name).to_owned(),
            whom: say.t("home-staff-whom"),
            what: say.t("home-staff-what"),
            href: plate.staff.to_owned(),
        }
    });
    if !desks.is_empty() {
        body = body.heading(&say.t("home-staff")).add(&Doors::new(staff.collect()));
    }
    kit_web::page(&frame, &say.t("home-title"), &body, StatusCode::OK)
}
