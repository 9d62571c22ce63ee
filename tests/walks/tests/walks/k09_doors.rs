//! K9: every role at every door of the desk. The doors are those of the route table itself; what each role must find
//! there stands in [`TABLE`]. A door without a line fails.
//!
//! Whoever has no business with a case is given its real number, and the real numbers of everything that belongs to it.
//! The answer has the right status, nothing in it tells of anybody else, and nothing in the desk's tables has changed.

use crate::desk::{apply, doer, scope};
use Whose::{Applicants, Case, CaseOfAny, Clerks, ClerksCase, Everybody, Managers, ManagersAlone, Programs};
use core_words::{Actor, Yen};
use desk_claims::{
    command::Command,
    service::TypedDeposit,
    status::Hat,
    words::{HolderNumber, KeyWay},
};
use kit_desk::Desk;
use std::collections::BTreeSet;
use tests_harness::{Browser, Office, Page, Town};
use warifu::{
    commands::token::{Make, Owner},
    lang::Lang,
};

/// Whose business is behind a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whose {
    /// No secret of anybody.
    Everybody,
    /// What an applicant finds there is their own.
    Applicants,
    /// It belongs to one applicant: for any other it is not there.
    Case,
    /// The federation's staff.
    Clerks,
    /// Staff; of another federation's it is not there.
    ClerksCase,
    /// Staff, of whom a clerk may look and must not act.
    Managers,
    /// A manager's alone: a clerk is not even shown it.
    ManagersAlone,
    /// Programs of applicants and of staff: what they find there is their own.
    Programs,
    /// The same about one case: for all others it is not there.
    CaseOfAny,
}

/// Door, and whose. In an address `{…}` stands for the victim's: see [`Victim::address`].
const TABLE: &[(&str, Whose)] = &[
    ("/claims", Applicants),
    ("/claims/apply", Applicants),
    ("/claims/cases/{no}", Case),
    ("/claims/cases/{no}/applied", Case),
    ("/claims/cases/{no}/receipt.pdf", Case),
    ("/claims/cases/{no}/invoice.pdf", Case),
    ("/claims/cases/{no}/proof/{version}", Case),
    ("/claims/cases/{no}/download", Case),
    ("/claims/cases/{no}/confirm", Case),
    ("/claims/quotation", Applicants),
    ("/claims/guide", Applicants),
    ("/claims/notices", Applicants),
    ("/claims/notices/{id}", Case),
    ("/claims/notices/{id}/file", Case),
    ("/claims/password", Applicants),
    ("/claims/password/done/{id}", Applicants),
    ("/claims/open-notice", Everybody),
    ("/claims/open-notice.js", Everybody),
    ("/claims/desk", Clerks),
    ("/claims/desk/next", Clerks),
    ("/claims/desk/cases", Clerks),
    ("/claims/desk/cases.csv", Clerks),
    ("/claims/desk/cases/{no}", ClerksCase),
    ("/claims/desk/cases/{no}/receipt.pdf", ClerksCase),
    ("/claims/desk/cases/{no}/invoice.pdf", ClerksCase),
    ("/claims/desk/cases/{no}/proof/{version}", ClerksCase),
    ("/claims/desk/cases/{no}/reject", ClerksCase),
    ("/claims/desk/cases/{no}/request-revocation", ClerksCase),
    ("/claims/desk/cases/{no}/{act}", Managers),
    ("/claims/desk/payments", Clerks),
    ("/claims/desk/payments/new", Clerks),
    ("/claims/desk/payments/import", Clerks),
    ("/claims/desk/payments/{id}", ClerksCase),
    ("/claims/desk/agents/{agent}", ClerksCase),
    ("/claims/desk/agents/{agent}/pay", ClerksCase),
    ("/claims/desk/agents/{agent}/refund", ClerksCase),
    ("/claims/desk/outbox", Clerks),
    ("/claims/desk/outbox/{id}", ClerksCase),
    ("/claims/desk/outbox/{id}/resend", ClerksCase),
    ("/claims/manual", Everybody),
    ("/claims/manual/pictures/{name}", Everybody),
    ("/claims/manual/{name}", Everybody),
    ("/claims/desk/holders", Clerks),
    ("/claims/desk/holders.csv", Clerks),
    ("/claims/desk/holders/import", Clerks),
    ("/claims/desk/holders/letters", Clerks),
    ("/claims/desk/holders/new", Clerks),
    ("/claims/desk/holders/{number}", ClerksCase),
    ("/claims/desk/holders/{number}/close", ClerksCase),
    ("/claims/desk/holders/{number}/edit", ClerksCase),
    ("/claims/desk/holders/{number}/letter", ClerksCase),
    ("/claims/desk/holders/{number}/mandates/new", ClerksCase),
    ("/claims/desk/holders/{number}/mandates/{id}/end", ClerksCase),
    ("/claims/desk/runs", Clerks),
    ("/claims/desk/runs/new", Clerks),
    ("/claims/desk/revocations/bulk", Clerks),
    ("/claims/desk/runs/{id}", ClerksCase),
    ("/claims/desk/runs/{id}/lines.csv", ClerksCase),
    ("/claims/desk/runs/{id}/stop", ManagersAlone),
    ("/claims/desk/expiring", Clerks),
    ("/claims/desk/expiring.csv", Clerks),
    ("/claims/desk/expiring/letters.pdf", Clerks),
    ("/claims/desk/offset", Clerks),
    ("/claims/desk/offset/correct", ManagersAlone),
    ("/claims/desk/offset/{month}", Clerks),
    ("/claims/desk/offset/{month}/close", ManagersAlone),
    ("/claims/desk/offset/{month}/file.csv", Clerks),
    ("/claims/desk/deletion", ManagersAlone),
    ("/claims/desk/deletion/check", ManagersAlone),
    ("/claims/desk/deletion/{no}", ManagersAlone),
    ("/claims/desk/deletion/{no}/archive.jsonl", ManagersAlone),
    ("/claims/desk/jobs", Clerks),
    ("/claims/desk/jobs/{id}", ClerksCase),
    ("/claims/desk/jobs/{id}/rerun", ManagersAlone),
    ("/claims/desk/waiting/{what}", Clerks),
    ("/api/v1/claims/ledger", Programs),
    ("/api/v1/claims/ledger/{id}", CaseOfAny),
    ("/api/v1/claims/ledger/{id}/proof", CaseOfAny),
    ("/api/v1/claims/jobs", Programs),
    ("/api/v1/claims/jobs/{id}/rerun", CaseOfAny),
    ("/api/v1/claims/offset", Programs),
    ("/api/v1/claims/offset/corrections", Programs),
    ("/api/v1/claims/offset/{month}/close", Programs),
    ("/api/v1/claims/offset/{month}/file.csv", Programs),
    ("/api/v1/claims/runs", Programs),
    ("/api/v1/claims/runs/{id}", CaseOfAny),
    ("/api/v1/claims/runs/{id}/lines", CaseOfAny),
    ("/api/v1/claims/terms", Programs),
    ("/api/v1/claims/notices", Programs),
    ("/api/v1/claims/notices/{id}", CaseOfAny),
    ("/api/v1/claims/notices/{id}/file", CaseOfAny),
    ("/api/v1/claims/password", Programs),
    ("/api/v1/claims/cases", Programs),
    ("/api/v1/claims/cases/{number}", CaseOfAny),
    ("/api/v1/claims/cases/{number}/receipt.pdf", CaseOfAny),
    ("/api/v1/claims/cases/{number}/proof/{version}", CaseOfAny),
    ("/api/v1/claims/cases/{number}/download", CaseOfAny),
    ("/api/v1/claims/cases/{number}/{command}", CaseOfAny),
    ("/api/v1/claims/deposits", Programs),
    ("/api/v1/claims/deposits/{id}", CaseOfAny),
    ("/api/v1/claims/deposits/{id}/assign", CaseOfAny),
    ("/api/v1/claims/agents", Programs),
    ("/api/v1/claims/agents/{agent}", CaseOfAny),
    ("/api/v1/claims/agents/{agent}/entries", CaseOfAny),
    ("/api/v1/claims/agents/{agent}/payments", CaseOfAny),
    ("/api/v1/claims/agents/{agent}/refunds", CaseOfAny),
    ("/api/v1/claims/holders", Programs),
    ("/api/v1/claims/holders/{number}", CaseOfAny),
    ("/api/v1/claims/holders/{number}/close", CaseOfAny),
    ("/api/v1/claims/holders/{number}/reopen", CaseOfAny),
    ("/api/v1/claims/holders/{number}/mandates", CaseOfAny),
    ("/api/v1/claims/mandates", Programs),
    ("/api/v1/claims/mandates/{id}", CaseOfAny),
    ("/api/v1/claims/mandates/{id}/end", CaseOfAny),
    ("/api/v1/claims/offset/{month}", Programs),
    ("/claims/desk/ledger", Clerks),
    ("/claims/desk/ledger/{id}", ClerksCase),
    ("/claims/desk/ledger/{id}/proof", ClerksCase),
];

/// Who tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Nobody,
    Provider,
    Agent,
    Clerk,
    Manager,
    /// Signed in as staff, with no role at this desk.
    Auditor,
    /// A manager of another federation.
    Stranger,
    ProviderProgram,
    AgentProgram,
    StrangerProgram,
}

/// Whose everything is asked for.
struct Victim {
    case: String,
    /// The case of an agent that waits for payment.
    unpaid: String,
    agent: String,
    notice: i64,
    deposit: i64,
    mail: i64,
    /// An entry of the ledger about their case.
    entry: i64,
    /// What nobody else may read.
    marks: Vec<String>,
}

impl Victim {
    /// The addresses behind a door, with what belongs to the victim in the place of `{…}`.
    fn addresses(&self, door: &str) -> Vec<String> {
        let id = match door {
            _ if door.contains("/notices/") || door.contains("/password/") => self.notice,
            _ if door.contains("/payments/") || door.contains("/deposits/") => self.deposit,
            _ if door.contains("/outbox/") => self.mail,
            _ if door.contains("/ledger/") => self.entry,
            _ => 1,
        };
        // Their number is part of the address, and so of pages of refusal.
        let door = door.replace("/holders/{number}", "/holders/{agent}");
        let door =
            door.replace("{month}", "2026-11").replace("{name}", "applicant").replace("{what}", "review");
        let filled =
            door.replace("{id}", &id.to_string()).replace("{version}", "1").replace("{agent}", &self.agent);
        let acts: &[&str] = match &*door {
            _ if door.contains("{act}") => {
                &["register-issue", "undo-issue", "undo-reject", "undo-revocation"]
            }
            _ if door.contains("{command}") => &["register-issue", "undo-issue", "erase-key", "reject"],
            _ => &[""],
        };
        let cases = [&self.case, &self.unpaid];
        let of = |case: &&String| {
            let filled = filled.replace("{no}", case).replace("{number}", case);
            acts.iter().map(|act| filled.replace("{act}", act).replace("{command}", act)).collect::<Vec<_>>()
        };
        let all: BTreeSet<String> = cases.iter().flat_map(of).collect();
        all.into_iter().collect()
    }
}

/// What a role may be answered.
#[derive(Debug, PartialEq, Eq)]
enum Must {
    /// It is theirs to use: whatever is answered, the service is well.
    Use,
    /// The same, without a trace of the victim.
    UseOwn,
    /// One of these, without a trace of the victim, and nothing changes.
    Refuse(&'static [u16]),
    /// Looking is allowed, doing is not.
    LookOnly,
}

/// Led to the door where they sign in; a form is told that its session has ended.
const OUTSIDE: &[u16] = &[303, 401, 404, 405];
/// A page whose door has no such method is not there.
const NOT_THEIRS: &[u16] = &[403, 404, 405];
const NOT_THERE: &[u16] = &[404, 405];

fn must(whose: Whose, role: Role) -> Must {
    use Role::*;
    match (whose, role) {
        (Everybody, _) => Must::UseOwn,
        (_, Nobody) => Must::Refuse(OUTSIDE),
        // A page takes no token, and the API no session.
        (Programs | CaseOfAny, Provider | Agent | Clerk | Manager | Auditor | Stranger) => {
            Must::Refuse(OUTSIDE)
        }
        (Programs, _) => Must::UseOwn,
        // Of two things wrong, the role is told first where one is needed.
        (CaseOfAny, _) => Must::Refuse(&[400, 403, 404, 405, 422, 429]),
        (_, ProviderProgram | AgentProgram | StrangerProgram) => Must::Refuse(OUTSIDE),
        (Applicants, Provider | Agent) => Must::UseOwn,
        (Case, Provider | Agent) => Must::Refuse(NOT_THERE),
        (Applicants | Case, _) => Must::Refuse(NOT_THEIRS),
        (Clerks | ClerksCase | Managers | ManagersAlone, Provider | Agent | Auditor) => {
            Must::Refuse(NOT_THEIRS)
        }
        (ManagersAlone, Clerk) => Must::Refuse(NOT_THEIRS),
        (Clerks | ManagersAlone, Stranger) => Must::UseOwn,
        (ClerksCase | Managers, Stranger) => Must::Refuse(NOT_THERE),
        (Managers, Clerk) => Must::LookOnly,
        (Clerks | ClerksCase | Managers | ManagersAlone, Clerk | Manager) => Must::Use,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn k9_every_role_finds_at_every_door_what_is_its_own_and_nothing_else() {
    let mut town = Town::new().await;
    let victim = victim(&mut town).await;
    town.run_jobs().await;

    let doors: BTreeSet<String> = {
        let (pages, api) = (Desk::pages(town.claims()), Desk::api(town.claims()));
        pages.doors().iter().chain(api.doors()).cloned().collect()
    };
    let lines: BTreeSet<String> = TABLE.iter().map(|(door, _)| (*door).to_owned()).collect();
    let without: Vec<&String> = doors.difference(&lines).collect();
    assert!(without.is_empty(), "doors without a line in TABLE: whose are they? {without:#?}");
    let stale: Vec<&String> = lines.difference(&doors).collect();
    assert!(stale.is_empty(), "lines of TABLE without a door: {stale:#?}");

    let people = people(&mut town).await;
    let mut wrong = Vec::new();
    for (role, mut browser, token) in people {
        let before = tables(&town).await;
        let csrf = token_of_forms(&mut browser, role).await;
        for (door, whose) in TABLE {
            let must = must(*whose, role);
            // What is theirs to use is used by the other walks.
            if must == Must::Use {
                continue;
            }
            for address in victim.addresses(door) {
                for method in ["GET", "POST"] {
                    let answer =
                        knock(&mut browser, method, &address, csrf.as_deref(), token.as_deref()).await;
                    if let Err(why) = judge(&must, method, &answer, &victim) {
                        wrong.push(format!("{role:?} {method} {address}: {why}"));
                    }
                }
            }
        }
        let changed: Vec<String> = before
            .iter()
            .zip(tables(&town).await)
            .filter(|(b, a)| *b != a)
            .map(|(b, _)| b.0.clone())
            .collect();
        wrong.extend(changed.iter().map(|table| format!("{role:?} changed {table}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    town.end().await;
}

/// What is wrong with an answer.
fn judge(must: &Must, method: &str, answer: &Page, victim: &Victim) -> Result<(), String> {
    let status = answer.status;
    if status >= 500 {
        return Err(format!("{status}: {}", answer.text()));
    }
    let allowed = match must {
        Must::Use => return Ok(()),
        Must::LookOnly if method == "GET" => return Ok(()),
        Must::LookOnly => NOT_THEIRS.contains(&status) || status == 409,
        Must::UseOwn => true,
        Must::Refuse(statuses) => statuses.contains(&status),
    };
    let to = answer.header("location").unwrap_or_default();
    // A page that only receives forms leads back to the page they are on, and that asks who it is.
    if status == 303
        && method == "GET"
        && answer.path.strip_prefix(to).is_some_and(|rest| rest.starts_with('/'))
    {
        return Ok(());
    }
    if !allowed {
        return Err(format!("{status} is none of {must:?}: {}", answer.text()));
    }
    if status == 303 && matches!(must, Must::Refuse(_)) && !to.contains("/sign-in") {
        return Err(format!("led to {to}"));
    }
    let html = answer.html();
    match victim.marks.iter().find(|mark| *must != Must::LookOnly && html.contains(*mark)) {
        Some(mark) => Err(format!("{status} tells {mark}")),
        None => Ok(()),
    }
}

/// Asks as a browser does that has the right token for its own forms, or as a program with its bearer token.
async fn knock(
    browser: &mut Browser,
    method: &str,
    address: &str,
    csrf: Option<&str>,
    token: Option<&str>,
) -> Page {
    let bearer = token.map(|token| format!("Bearer {token}"));
    let mut headers = vec![("sec-fetch-site", "same-origin")];
    if let Some(bearer) = &bearer {
        headers.push(("authorization", bearer));
    }
    if method == "GET" {
        return browser.call("GET", address, &headers, "").await;
    }
    if address.starts_with("/api/") {
        headers.extend([("content-type", "application/json"), ("if-match", "\"1\"")]);
        headers.push(("idempotency-key", address));
        return browser.call("POST", address, &headers, r#"{"issue_password":"x","reason":"x"}"#).await;
    }
    let fields = [
        ("_csrf", csrf.unwrap_or("none")),
        ("version", "1"),
        ("_step", "confirm"),
        ("how", "refused"),
        ("reason", "closed"),
        ("by", "provider"),
        ("channel", "phone"),
        ("issue_password", "x"),
        ("amount", "1"),
    ];
    browser.post(address, &fields, &headers).await
}

/// Somebody with everything: a case of a provider whose issue is registered, an agent's that waits for payment, a
/// transfer, a notice, and mails.
async fn victim(town: &mut Town) -> Victim {
    let provider = town.provider_outside("ひみつ苑甲乙丙").await;
    let agent = town.agent_outside("ないしょ請求代行社").await;
    // The first comes to its end, with a notice and a mail; the second is on its way.
    let first = apply(town, &provider, KeyWay::Service).await;
    let register =
        |number| town.claims().act(scope(town), number, None, Command::RegisterIssue, doer(Hat::Clerk, 2));
    register(first).await.expect("registered");
    town.pass(1_800).await;
    let unpaid = apply(town, &agent, KeyWay::Service).await;
    let new = TypedDeposit {
        agent: None,
        day: town.now(),
        amount: Yen(7_801),
        payer: "ナイショノフリコミニン".into(),
        reference: String::new(),
        note: String::new(),
    };
    let deposit = town.claims().enter_deposit(scope(town), new, doer(Hat::Clerk, 2)).await.expect("entered");
    let number = HolderNumber::new(&agent.number).expect("an ID");
    let assigned =
        town.claims().assign_deposit(scope(town), deposit, number, String::new(), doer(Hat::Clerk, 2)).await;
    assigned.expect("theirs");
    let one =
        |sql: &'static str| town.installation().db.read(move |tx| tx.query_one(sql, &[])?.get::<i64>(0));
    let notice: Result<i64, kit_store::StoreError> = one("SELECT MAX(id) FROM post_notice").await;
    let mail: Result<i64, kit_store::StoreError> = one("SELECT MAX(id) FROM post_mail").await;
    let entry: Result<i64, kit_store::StoreError> =
        one("SELECT MIN(entry_id) FROM ledger_lookup WHERE case_no IS NOT NULL").await;
    let marks = |office: &Office| [office.name.clone(), office.email.clone()];
    Victim {
        case: first.to_string(),
        unpaid: unpaid.to_string(),
        agent: agent.number.clone(),
        notice: notice.expect("a notice"),
        deposit,
        mail: mail.expect("a mail"),
        entry: entry.expect("an entry"),
        marks: [
            &marks(&provider)[..],
            &marks(&agent)[..],
            &[provider.number.clone(), "ナイショノフリコミニン".to_owned()],
        ]
        .concat(),
    }
}

/// One of each role: who, with which browser, with which token.
async fn people(town: &mut Town) -> Vec<(Role, Browser, Option<String>)> {
    let mut people = vec![(Role::Nobody, town.browser(), None)];
    let (provider, agent) = (town.provider("あさひ苑").await, town.agent("ゆうひ事務所").await);
    let clerk = town.clerk().await;
    let manager = town.manager().await;
    let auditor = town.worker(&["claims.auditor"]).await;
    let stranger = town.worker_of(Some("elsewhere"), &["claims.manager", "claims.clerk"]).await;
    for (role, login, applicant) in [
        (Role::ProviderProgram, &provider.letter.login, true),
        (Role::AgentProgram, &agent.letter.login, true),
        (Role::StrangerProgram, &stranger.login, false),
    ] {
        people.push((role, town.browser(), Some(token(town, login, applicant).await)));
    }
    people.extend([
        (Role::Provider, (*provider).clone(), None),
        (Role::Agent, (*agent).clone(), None),
        (Role::Clerk, (*clerk).clone(), None),
        (Role::Manager, (*manager).clone(), None),
        (Role::Auditor, (*auditor).clone(), None),
        (Role::Stranger, (*stranger).clone(), None),
    ]);
    people
}

async fn token(town: &Town, login: &str, applicant: bool) -> String {
    let make = Make { owner: Owner { login: login.to_owned(), applicant }, name: "試し".into(), days: 1 };
    let made = make.perform(town.installation(), Lang::En, &Actor::cli("test")).await;
    let made = made.unwrap_or_else(|fail| panic!("{}", fail.render(Lang::En)));
    let line = made.text.lines().find_map(|line| line.trim().strip_prefix("token"));
    line.expect("a token").trim_start_matches([':', ' ']).trim().to_owned()
}

/// The token that the forms of a session carry: the button to sign out has it on every page.
async fn token_of_forms(browser: &mut Browser, role: Role) -> Option<String> {
    if matches!(role, Role::Nobody | Role::ProviderProgram | Role::AgentProgram | Role::StrangerProgram) {
        return None;
    }
    let home = browser.get("/claims").await;
    let form = home.form("/sign-out").unwrap_or_else(|| panic!("{role:?} is not in: {}", home.text()));
    Some(form.field("_csrf").expect("a token").to_owned())
}

/// Every row of the desk's tables and of the post's, as text.
async fn tables(town: &Town) -> Vec<(String, String)> {
    let read = town.installation().db.read(|tx| {
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' \
                   AND (name LIKE 'claims_%' OR name LIKE 'post_%') ORDER BY name";
        let names = tx.query(sql, &[])?.iter().map(|row| row.get(0)).collect::<Result<Vec<String>, _>>()?;
        let mut all = Vec::new();
        for name in names {
            let columns =
                tx.query("SELECT name FROM pragma_table_info($1)", kit_store::params![name.as_str()])?;
            let columns = columns.iter().map(|row| row.get::<String>(0)).collect::<Result<Vec<_>, _>>()?;
            let quoted: Vec<String> = columns.iter().map(|column| format!("quote({column})")).collect();
            let sql = format!(
                "SELECT COALESCE(group_concat(line, ';'), '') FROM (SELECT {} AS line FROM {name} \
                 ORDER BY 1)",
                quoted.join(" || ',' || ")
            );
            all.push((name, tx.query_one(&sql, &[])?.get::<String>(0)?));
        }
        Ok::<_, kit_store::StoreError>(all)
    });
    read.await.expect("read")
}
