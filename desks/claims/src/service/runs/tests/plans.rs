//! What a run would do, looked at before it is started: tells every line, and changes nothing (C9, C11).

use super::*;

#[test]
fn c11_a_look_at_what_would_be_revoked_tells_every_line_and_changes_nothing() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let case = house.issued().await;
        let before = count(&db, "SELECT sum(version) FROM claims_case").await;
        let typed = ["1310000018", "1310000026", "131", "1310000018", "1399999990", "さくら"];
        let typed: Vec<String> = typed.iter().map(|text| (*text).to_owned()).collect();
        let plan = house.claims.plan_revocation(scope(), typed.clone(), false).await.expect("planned");
        use crate::service::Why;
        let whys: Vec<_> = plan.asked.iter().map(|line| line.why).collect();
        let number = Some(Why::NotANumber);
        assert_eq!(whys, [None, Some(Why::None), number, Some(Why::Twice), Some(Why::Unknown), number]);
        assert_eq!(plan.lines.iter().map(|line| line.subject.as_str()).collect::<Vec<_>>(), [case.as_str()]);
        let again = house.claims.plan_revocation(scope(), typed, true).await.expect("planned");
        assert_eq!(again, plan, "the same as long as nothing changes");
        assert_eq!(count(&db, "SELECT sum(version) FROM claims_case").await, before);
        // Another federation's numbers are nobody's.
        let osaka = Scope::of_the_house(operator("osaka"));
        let theirs =
            house.claims.plan_revocation(osaka, vec!["1310000018".into()], true).await.expect("planned");
        assert_eq!(theirs.asked[0].why, Some(Why::Unknown));
        let many = vec![String::new(); crate::service::MOST_REVOKED + 1];
        let refused = house.claims.plan_revocation(scope(), many, true).await.map_err(|no| no.code);
        assert_eq!(refused.err(), Some("claims.run_too_long"));
    });
}

#[test]
fn c9_a_plan_passes_over_what_cannot_be_done_and_writes_to_each_applicant_once() {
    both_with(TABLES, async |db| {
        let house = House::on(&db).await;
        let lines = applications(&house, 3).await;
        let done = house.claims.act(
            scope(),
            CaseNumber::parse(&lines[0].subject).expect("a number"),
            None,
            crate::command::Command::RegisterIssue,
            doer(Hat::Clerk, 7),
        );
        done.await.expect("done");
        let find = crate::service::Selection::Found(crate::Wanted::default());
        let plan = house.claims.plan(scope(), find.clone(), &Work::Issue, Hat::Clerk).await.expect("planned");
        use crate::service::Skipped;
        assert_eq!(plan.fitting, [(Standing::Applied, 2)]);
        assert_eq!(plan.skipped, [(Skipped::Standing(Standing::IssueRequested), 1)]);
        assert_eq!((plan.lines.len(), plan.examples.len()), (2, 1));
        let message = Work::Notify(Message { subject: "a".into(), text: "b".into() });
        let told = house.claims.plan(scope(), find, &message, Hat::Clerk).await.expect("planned");
        assert_eq!((told.lines.len(), told.skipped), (1, vec![(Skipped::SameApplicant, 2)]));
    });
}
