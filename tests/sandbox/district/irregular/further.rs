//! What is irregular about records besides the plainest things.

use serde_json::{Value, json};

use super::super::{Person, School, Section};
use super::Planter;

/// The longest address that Adobe takes.
const LONGEST_EMAIL: usize = 60;
/// Where pupils have their addresses.
const DOMAIN: &str = "@students.district.example";
/// Whose address two siblings have.
const PARENTS: &str = "both.parents@home.example";
/// An id of nothing but digits.
const NUMBER: u64 = 4_711_000_000_000_000_017;

impl Planter {
    pub(super) fn further(&mut self) {
        self.addresses();
        self.markup();
        self.ids();
        self.unreadable();
        self.twins();
        self.strays();
    }

    fn addresses(&mut self) {
        let bad = self.spoil([
            |person| person.email = Some("none@".to_owned()),
            |person| person.email = Some("noemail@".to_owned()),
            |person| person.email = Some(format!("two words{DOMAIN}")),
            |person| person.email = Some(format!("\"quoted\"{DOMAIN}")),
            |person| person.email = Some(format!("bell\u{7}{DOMAIN}")),
            |person| person.email = Some("two.dots@district..example".to_owned()),
            |person| person.email = Some(long_email(LONGEST_EMAIL + 1)),
        ]);
        self.planted.bad_email.extend(bad);
        self.planted.odd_email = self.spoil([
            |person| person.email = Some(format!("o'neil+art{DOMAIN}")),
            |person| person.email = Some(long_email(LONGEST_EMAIL)),
        ]);
        let siblings = self.spoil([
            |person| person.email = Some(PARENTS.to_owned()),
            |person| person.email = Some(PARENTS.to_uppercase()),
        ]);
        let [one, other] = siblings.try_into().expect("two siblings");
        self.planted.shared_email.push([one, other]);
    }

    fn markup(&mut self) {
        self.planted.markup = self.spoil([
            |person| "<b>Bo</b> & <script>".clone_into(&mut person.first),
            |person| "O\"Neil 'Junior' \\ `x`".clone_into(&mut person.last),
            |person| "First\r\nSecond".clone_into(&mut person.last),
            |person| "=HYPERLINK(1), {email} %s".clone_into(&mut person.first),
        ]);
        let blank = self.spoil([|person: &mut Person| {
            (person.first, person.last) = ("\u{a0}".to_owned(), "\t\n ".to_owned());
        }]);
        self.planted.nameless.extend(blank);
    }

    fn ids(&mut self) {
        let cased = [self.rename("pupil-Ab"), self.rename("pupil-aB")];
        self.planted.cased_ids.push(cased);
        let number = self.rename(&NUMBER.to_string());
        for field in ["id", "sourcedId"] {
            self.district.patch(&number, field, json!(NUMBER));
        }
        self.planted.numeric_ids.push(number);
    }

    /// Somebody gets this id, in sections, too.
    pub(super) fn rename(&mut self, id: &str) -> String {
        let old = std::mem::replace(&mut self.victim().id, id.to_owned());
        for section in &mut self.district.sections {
            let places = section.students.iter_mut();
            places
                .filter(|place| **place == old)
                .for_each(|place| id.clone_into(place));
        }
        id.to_owned()
    }

    fn unreadable(&mut self) {
        self.planted.unreadable = self.spoil([|_| ()]);
        for id in &self.planted.unreadable {
            self.district.patch(id, "email", json!({"work": "x"}));
        }
        self.planted.without_id = self.spoil([|_| ()]);
        for id in &self.planted.without_id {
            self.district.patch(id, "id", Value::Null);
            self.district.patch(id, "sourcedId", Value::Null);
            for section in &mut self.district.sections {
                section.students.retain(|place| place != id);
            }
        }
    }

    /// Of the first pair the older record does not count, of the second the newer one.
    fn twins(&mut self) {
        for number in 0..2 {
            let one = self.victim().clone();
            let mut other = one.clone();
            other.id = format!("66b1f0c00004{:012x}", 0xF20_0000 + number);
            other.number = format!("{}-2", one.number);
            let ids = [one.id, other.id.clone()];
            self.district.sections[0].students.push(other.id.clone());
            self.district.students.push(other);
            let [one, other] = ids;
            let status = &mut self.district.status;
            self.planted.twins.push(if number == 0 {
                status.to_be_deleted.insert(one.clone());
                [one, other]
            } else {
                status.not_enabled.insert(other.clone());
                [other, one]
            });
        }
    }

    /// Records that refer to what is not there, and a school to which nothing refers.
    fn strays(&mut self) {
        let district = &mut self.district;
        let first = district.sections[0].clone();
        let section = district.sections.last_mut().expect("there are sections");
        section.course = Some("66b1f0c000020000000fffff".to_owned());
        self.planted.without_course.clone_from(&section.id);
        district.status.unlisted.push(Section {
            id: "66b1f0c000030000000fffff".to_owned(),
            ..first
        });
        let id = "66b1f0c000010000000fffff".to_owned();
        self.planted.empty_school.clone_from(&id);
        district.schools.push(School {
            id,
            name: "Nobody's School".to_owned(),
            number: "999".to_owned(),
        });
    }
}

/// An address of so many characters.
fn long_email(characters: usize) -> String {
    let local = characters - DOMAIN.len();
    format!("{}{DOMAIN}", "l".repeat(local))
}
