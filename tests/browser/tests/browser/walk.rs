//! Steps that several walks share, with mouse and keyboard.

use tests_browser::{Axe, Window};
use tests_harness::{Office, Town};

/// The last button of the application.
pub(crate) const LAST: &str = "form.check .submit button[value=confirm]";

/// Signs an office in.
pub(crate) async fn sign_in(window: &Window, office: &Office) {
    window.open("/sign-in").await;
    window.fill("#login", &office.letter.login).await;
    window.fill("#password", &office.letter.password).await;
    window.click("main form button.primary").await;
    window.arrives("/claims", "").await;
}

/// 入力 and 確認, up to the last button.
pub(crate) async fn to_last_button(window: &Window, office: &Office) {
    window.open("/claims/apply").await;
    window.click("main form .submit button").await;
    window.shows(LAST).await;
    window.click("#agree").await;
    window.fill("#issue_password", &office.issue_password()).await;
}

/// How many applications an office has made.
pub(crate) async fn applications(town: &Town, office: &Office) -> usize {
    town.claims().own_cases(office.letter.holder).await.expect("its cases").len()
}

/// The page that is shown fits from 320 px on, and axe finds nothing, narrow and wide. What is wrong, if anything.
pub(crate) async fn judge(axe: &Axe, window: &Window, page: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for width in [320, 360, 1280] {
        wrong.extend(
            window
                .sticks_out(width)
                .await
                .iter()
                .map(|out| format!("{page} at {width} px sticks out: {out}")),
        );
        // 320 px is WCAG's limit for reflow; the rules that look at sizes see no more there than at 360.
        if width != 320 {
            wrong.extend(
                axe.look(window).await.iter().map(|found| format!("{page} at {width} px: {found:?}")),
            );
        }
    }
    wrong
}
