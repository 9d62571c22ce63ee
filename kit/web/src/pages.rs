//! The routes of a desk as a value: a router that knows its doors.

use axum::{Router, routing::MethodRouter};

/// Routes that can be listed. Made as a [`Router`] is made, and becomes one.
///
/// A test walks through every door in every role (K9); axum's own router forgets what it was made of.
#[derive(Debug)]
pub struct Pages<S = ()> {
    router: Router<S>,
    doors: Vec<String>,
}

impl<S: Clone + Send + Sync + 'static> Default for Pages<S> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Clone + Send + Sync + 'static> Pages<S> {
    /// No door yet.
    pub fn new() -> Self {
        Self { router: Router::new(), doors: Vec::new() }
    }

    /// A door. `path` is a pattern of axum: `/claims/cases/{no}`.
    ///
    /// # Panics
    /// When there is such a door with such a method already, as axum does.
    #[must_use]
    pub fn route(mut self, path: &str, methods: MethodRouter<S>) -> Self {
        self.doors.push(path.to_owned());
        Self { router: self.router.route(path, methods), doors: self.doors }
    }

    /// The doors of both.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.doors.extend(other.doors);
        Self { router: self.router.merge(other.router), doors: self.doors }
    }

    /// The same doors after what is done to the router: layers laid around it, a fallback.
    #[must_use]
    pub fn around<T>(self, done: impl FnOnce(Router<S>) -> Router<T>) -> Pages<T> {
        Pages { router: done(self.router), doors: self.doors }
    }

    /// The same doors with what their handlers ask for.
    #[must_use]
    pub fn with_state<T>(self, state: S) -> Pages<T> {
        self.around(|router| router.with_state(state))
    }

    /// The patterns of all doors, in the order in which they were named.
    pub fn doors(&self) -> &[String] {
        &self.doors
    }
}

impl<S> From<Pages<S>> for Router<S> {
    fn from(pages: Pages<S>) -> Self {
        pages.router
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;

    #[test]
    fn k9_every_door_is_remembered_through_merging_and_layers() {
        let page = || get(async |axum::extract::State(text): axum::extract::State<&'static str>| text);
        let inner = Pages::new().route("/a/{no}", page());
        let all = Pages::new().route("/", page()).merge(inner);
        let all: Pages = all.around(|router| router.layer(axum::Extension(1_u8))).with_state("text");
        assert_eq!(all.doors(), ["/", "/a/{no}"]);
    }
}
