//! The days of terms and of enrollments.

use super::super::world::World;
use super::{art, lost};

#[test]
fn a_class_in_several_terms_is_held_in_all_of_them() {
    let world = || {
        art()
            .term("spring", "2027-01-11", "2027-06-04")
            .held_in("Art", &["fall", "spring"])
    };
    assert_eq!(lost(&world().on("2027-02-01")), "");
    // Between them the licence is away, as the fall term says.
    insta::assert_snapshot!(lost(&world().on("2027-01-05")), @"
    ana@x.test of the roster, Spark: Term fall, 2026-12-18, classes::Art::students
    bo@x.test of the roster, Spark: Term fall, 2026-12-18, classes::Art::students
    ");
    insta::assert_snapshot!(lost(&world().on("2027-06-05")), @"
    ana@x.test of the roster, Spark: Term spring, 2027-06-04, classes::Art::students
    bo@x.test of the roster, Spark: Term spring, 2027-06-04, classes::Art::students
    ");
}

#[test]
fn terms_that_say_nothing_end_nothing() {
    let later = |world: World| lost(&world.on("2028-01-01"));
    assert_eq!(later(art().held_in("Art", &[])), "");
    assert_eq!(later(art().held_in("Art", &["fall", "nowhere"])), "");
    assert_eq!(
        later(art().term("open", "", "").held_in("Art", &["open"])),
        ""
    );
    assert_eq!(
        later(
            art()
                .term("from", "2026-08-20", "")
                .held_in("Art", &["from"])
        ),
        ""
    );
    let reversed = art().term("odd", "2026-12-18", "2026-08-20");
    assert_eq!(later(reversed.held_in("Art", &["odd", "fall"])), "");
    // A term without a first day ends all the same.
    let until = art()
        .term("until", "", "2026-12-18")
        .held_in("Art", &["until"]);
    assert!(later(until).contains("Term until, 2026-12-18"));
    assert_eq!(later(art().set(|config| config.dates.terms = false)), "");
}

#[test]
fn terms_that_are_not_active_are_no_terms_of_the_class() {
    let inactive = |mut world: World| {
        world.parts.terms[0].active = false;
        world
    };
    // With none left the class is not active, which no date explains.
    insta::assert_snapshot!(lost(&inactive(art())), @"
    ana@x.test Adobe-only, Spark: no date
    bo@x.test Adobe-only, Spark: no date
    ");
    let other = art()
        .term("all", "2026-08-20", "2027-06-04")
        .held_in("Art", &["fall", "all"]);
    assert_eq!(lost(&inactive(other).on("2027-01-05")), "");
    assert_eq!(
        lost(&inactive(art()).set(|config| config.dates.status = false)),
        ""
    );
}

#[test]
fn enrollments_have_days_of_their_own() {
    let world = || art().enrolled("ana", "Art", "2026-09-01", "2026-10-30");
    insta::assert_snapshot!(lost(&world()), @"ana@x.test of the roster, Spark: enrollment, 2026-10-30, classes::Art::students");
    assert_eq!(lost(&world().on("2026-10-30")), "");
    assert_eq!(
        lost(&world().set(|config| config.dates.enrollments = false)),
        ""
    );
    // Reversed, they say nothing.
    assert_eq!(
        lost(&art().enrolled("ana", "Art", "2026-10-30", "2026-09-01")),
        ""
    );
    // What ended first ended it.
    insta::assert_snapshot!(lost(&world().on("2027-01-05")), @"
    ana@x.test of the roster, Spark: enrollment, 2026-10-30, classes::Art::students
    bo@x.test of the roster, Spark: Term fall, 2026-12-18, classes::Art::students
    ");
}

#[test]
fn a_second_enrollment_goes_on() {
    let world = art()
        .enrolled("ana", "Art", "2026-09-01", "2026-10-30")
        .enrol("ana", "Art");
    assert_eq!(lost(&world), "");
}

/// Many a system marks its classes as to be deleted once their term is over.
#[test]
fn a_class_that_is_deleted_after_its_last_day_has_ended_by_it() {
    use roster_sync::config::options::AdobeOnlyUserAction;

    let deleted = |day: &str, enrollments: bool| {
        let mut world = art().action(AdobeOnlyUserAction::Delete).on(day);
        world.parts.classes[0].active = false;
        for member in &mut world.parts.classes[0].members {
            member.active = !enrollments;
        }
        world
    };
    for enrollments in [false, true] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(lost(&deleted("2026-12-19", enrollments)), @"
            ana@x.test of the roster, Spark: Term fall, 2026-12-18, classes::Art::students
            bo@x.test of the roster, Spark: Term fall, 2026-12-18, classes::Art::students
            ");
        }
        // Guards look at what no date explains, and there is nothing of that.
        assert_eq!(deleted("2026-12-19", enrollments).checked().held, []);
        // While the term lasts, nothing is explained.
        let lost = lost(&deleted("2026-12-18", enrollments));
        assert!(
            lost.contains("ana@x.test Adobe-only, Spark: no date"),
            "{lost}"
        );
    }
}
