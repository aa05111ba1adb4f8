//! Districts as untidy as a real one can be: everything that was ever met, all at once.

#[path = "irregular/days.rs"]
mod days;
#[path = "irregular/further.rs"]
mod further;

use serde_json::{Value, json};

use super::super::mapping::{self, Entry, Kind, Mapping, Who};
use super::super::random::Random;
use super::{District, Person, Shape};

/// Longer than any name or title that somebody types.
const LONG: usize = 10_000;

/// What was planted in an irregular district: ids of records unless it is said otherwise. A person is in one list at
/// most, unless it is said otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Planted {
    /// People whose e-mail address is absent, empty or blank.
    pub without_email: Vec<String>,
    /// People whose e-mail address Adobe would not take: no `@`, nothing behind it, blanks, quotes, too long.
    pub bad_email: Vec<String>,
    /// People whose address looks odd, and Adobe takes it.
    pub odd_email: Vec<String>,
    /// Two different people with one address.
    pub shared_email: Vec<[String; 2]>,
    /// One person with two ids and one address.
    pub two_ids: Vec<[String; 2]>,
    /// People whose row comes twice.
    pub listed_twice: Vec<String>,
    /// People whose address mixes upper and lower case.
    pub mixed_case: Vec<String>,
    /// People with blanks around their names and address.
    pub padded: Vec<String>,
    /// People with names in other alphabets, with combining accents, and with emoji.
    pub unicode: Vec<String>,
    /// People with markup, quotes, line breaks and the like in their names.
    pub markup: Vec<String>,
    /// People without any name: Adobe makes no account for them.
    pub nameless: Vec<String>,
    /// People whose first name is longer than Adobe takes: it makes no account for them.
    pub long_named: Vec<String>,
    /// People whose ids have `/ @ % ? #` and blanks.
    pub odd_ids: Vec<String>,
    /// Two different people whose ids differ in letter case only.
    pub cased_ids: Vec<[String; 2]>,
    /// People whose id is a number, and stands as a number in their own record.
    pub numeric_ids: Vec<String>,
    /// People whose record cannot be read.
    pub unreadable: Vec<String>,
    /// People in no section whose record has no id; here they have one all the same.
    pub without_id: Vec<String>,
    /// Two records of one person, of which OneRoster says that the first does not count.
    pub twins: Vec<[String; 2]>,
    /// People whose list of schools is null.
    pub without_schools: Vec<String>,
    /// People in no section.
    pub without_sections: Vec<String>,
    /// Ids that sections name and nobody has; fewer than one in a hundred members.
    pub unknown: Vec<String>,
    /// People with an enrollment that ended, as OneRoster tells. Others of theirs go on.
    pub ended: Vec<String>,
    /// People with an enrollment that is still to begin, as OneRoster tells.
    pub begins: Vec<String>,
    /// Sections that nobody is in.
    pub empty_sections: Vec<String>,
    /// A title that sections of several schools have, in several spellings.
    pub common_title: String,
    /// Sections whose titles are long, foreign or padded.
    pub odd_titles: Vec<String>,
    /// A course, a section and a school whose ids are like those in `odd_ids`.
    pub odd_records: [String; 3],
    /// A school that nobody is in.
    pub empty_school: String,
    /// A section of a course that is not there.
    pub without_course: String,
}

impl Planted {
    /// The addresses for which Adobe makes no account, in the form that is compared: their owners' names are missing or
    /// too long.
    pub fn refused_by_adobe(&self, district: &District) -> Vec<String> {
        addresses(district, &[&self.nameless, &self.long_named])
    }

    /// The addresses of everybody for whom no account is made: those, and people whose record cannot be read.
    pub fn without_account(&self, district: &District) -> Vec<String> {
        let mut without = self.refused_by_adobe(district);
        without.extend(addresses(district, &[&self.unreadable, &self.without_id]));
        without
    }
}

impl Planted {
    /// Sections of every kind that was planted, two schools and a course.
    pub fn mapping(&self, district: &District) -> Mapping {
        let school = |place: usize| district.schools[place].name.as_str();
        let last = district.schools.len() - 1;
        let course = &district.courses[0].name;
        let mut entries = vec![
            Entry::new(Kind::Sections, &self.common_title, Who::Users, &["Common"]),
            Entry::new(Kind::Schools, school(0), Who::Users, &["School"]),
            Entry::new(Kind::Schools, school(last), Who::Users, &["Nowhere"]),
            Entry::new(Kind::Courses, course, Who::Students, &["Course"]),
        ];
        let sections = district.sections.iter().enumerate();
        for (number, section) in sections {
            let odd = self.odd_titles.contains(&section.id) || section.id == self.without_course;
            if number % 3 == 0 || odd {
                let group = format!("Section {number}");
                entries.push(Entry::new(
                    Kind::Sections,
                    &section.name,
                    Who::Users,
                    &[&group],
                ));
            }
        }
        Mapping(entries)
    }
}

/// The addresses of these people, in the form that is compared.
fn addresses(district: &District, ids: &[&Vec<String>]) -> Vec<String> {
    let people = district.students.iter().chain(&district.teachers);
    let meant = people.filter(|person| ids.iter().any(|ids| ids.contains(&person.id)));
    meant.filter_map(mapping::address).collect()
}

impl District {
    /// A district of that shape (at least 60 pupils and 12 sections), and what is irregular about it: of each kind a
    /// few. The same shape gives the same district.
    ///
    /// # Panics
    /// Where the shape is smaller.
    pub fn irregular(shape: Shape) -> (Self, Planted) {
        assert!(
            shape.students >= 60 && shape.sections >= 12,
            "too small to be irregular in all ways"
        );
        let district = Self::generate(shape);
        let mut random = Random::new(shape.seed ^ 0x1AA5);
        let mut spare: Vec<usize> = (0..district.students.len()).collect();
        for place in (1..spare.len()).rev() {
            spare.swap(place, random.below(place + 1));
        }
        let mut planter = Planter {
            district,
            planted: Planted::default(),
            spare,
        };
        planter.emails();
        planter.rows();
        planter.names();
        planter.places();
        planter.sections();
        planter.records();
        planter.further();
        planter.days();
        (planter.district, planter.planted)
    }
}

struct Planter {
    district: District,
    planted: Planted,
    /// Places of pupils with whom nothing is wrong yet.
    spare: Vec<usize>,
}

impl Planter {
    /// Somebody with whom nothing was wrong until now.
    fn victim(&mut self) -> &mut Person {
        let place = self.spare.pop().expect("enough pupils");
        &mut self.district.students[place]
    }

    /// So many of them, each changed; their ids.
    fn spoil<const N: usize>(&mut self, changes: [fn(&mut Person); N]) -> Vec<String> {
        let spoiled = changes.map(|change| {
            let victim = self.victim();
            change(victim);
            victim.id.clone()
        });
        spoiled.into()
    }

    fn emails(&mut self) {
        self.planted.without_email = self.spoil([
            |person| person.email = None,
            |person| person.email = Some(String::new()),
            |person| person.email = Some("  ".to_owned()),
        ]);
        self.planted.bad_email = self.spoil([
            |person| person.email = Some(format!("{}.students.district.example", person.number)),
            |person| person.email = Some("none".to_owned()),
        ]);
        self.planted.mixed_case = self.spoil([
            |person| person.email = person.email.as_ref().map(|email| email.to_uppercase()),
            |person| person.email = person.email.as_ref().map(|email| email.replace('s', "S")),
        ]);
        for _ in 0..2 {
            let (one, email) = {
                let person = self.victim();
                (person.id.clone(), person.email.clone())
            };
            let other = self.victim();
            other.email = email;
            let pair = [one, other.id.clone()];
            self.planted.shared_email.push(pair);
        }
    }

    fn rows(&mut self) {
        for _ in 0..2 {
            let twice = self.victim().clone();
            self.planted.listed_twice.push(twice.id.clone());
            self.district.students.push(twice);
        }
        for number in 0..2 {
            let one = self.victim().clone();
            let mut other = one.clone();
            // Beyond the generator's numbers.
            other.id = format!("66b1f0c00004{:012x}", 0xF00_0000 + number);
            other.number = format!("{}-2", one.number);
            let ids = [one.id, other.id.clone()];
            self.district.sections[number]
                .students
                .push(other.id.clone());
            self.district.students.push(other);
            self.planted.two_ids.push(ids);
        }
    }

    fn names(&mut self) {
        self.planted.padded = self.spoil([
            |person| {
                person.first = format!("  {} ", person.first);
                person.last = format!("\t{}", person.last);
                person.email = person.email.as_ref().map(|email| format!(" {email}  "));
            },
            |person| person.last = format!("{}\u{a0}", person.last),
        ]);
        self.planted.unicode = self.spoil([
            // In one piece, and in two.
            |person| "Zo\u{eb}".clone_into(&mut person.first),
            |person| "Zoe\u{308}".clone_into(&mut person.first),
            |person| "\u{5db}\u{5d4}\u{5df}".clone_into(&mut person.last),
            |person| "\u{645}\u{62d}\u{645}\u{62f}".clone_into(&mut person.last),
            |person| "Robin \u{1f600}".clone_into(&mut person.first),
        ]);
        self.planted.nameless = self.spoil([
            |person| (person.first, person.last) = (String::new(), String::new()),
            |person| (person.first, person.last) = (" ".to_owned(), " ".to_owned()),
            |person| (person.first, person.last) = (String::new(), String::new()),
        ]);
        let null = self.planted.nameless[2].clone();
        self.district
            .patch(&null, "name", json!({"first": null, "last": null}));
        self.district.patch(&null, "givenName", Value::Null);
        self.district.patch(&null, "familyName", Value::Null);
        self.planted.long_named = self.spoil([|person| person.first = "N".repeat(LONG)]);
    }

    fn places(&mut self) {
        for id in ["p/1", "p 2@x", "p%203?a=b", "p#4&c+d"] {
            let id = self.rename(id);
            self.planted.odd_ids.push(id);
        }
        self.planted.without_schools = self.spoil([|person| person.schools.clear()]);
        let nowhere = self.planted.without_schools[0].clone();
        for field in ["school", "schools", "orgs", "grades", "agents"] {
            self.district.patch(&nowhere, field, Value::Null);
        }
        self.planted.without_sections = self.spoil([|_| (), |_| ()]);
        for section in &mut self.district.sections {
            let gone = &self.planted.without_sections;
            section.students.retain(|id| !gone.contains(id));
        }
        let second = self.district.schools.last().map(|school| school.id.clone());
        let everywhere = self.victim();
        everywhere.schools.extend(second);
        everywhere.schools.dedup();
    }

    fn sections(&mut self) {
        let sections = &mut self.district.sections;
        "Homeroom Caf\u{e9}".clone_into(&mut self.planted.common_title);
        let spellings = [
            "Homeroom Caf\u{e9}",
            " homeroom cafe\u{301}",
            "HOMEROOM CAF\u{c9} ",
        ];
        for (section, title) in sections.iter_mut().skip(2).zip(spellings) {
            title.clone_into(&mut section.name);
        }
        let odd = [
            "T".repeat(LONG),
            "\u{5de}\u{5ea}\u{5de}\u{5d8}\u{5d9}\u{5e7}\u{5d4} 1".to_owned(),
            "Painting \u{1f3a8}, \"wet\" & <dry>".to_owned(),
            "\tSculpture  ".to_owned(),
        ];
        for (section, title) in sections.iter_mut().skip(5).zip(odd) {
            section.name = title;
            self.planted.odd_titles.push(section.id.clone());
        }
        for section in sections.iter_mut().skip(9).take(2) {
            section.students.clear();
            section.teachers.clear();
            self.planted.empty_sections.push(section.id.clone());
        }
        let teachers: Vec<String> = self
            .district
            .teachers
            .iter()
            .map(|one| one.id.clone())
            .collect();
        sections[0].teachers = teachers.iter().take(3).cloned().collect();
        sections[1].course = None;
        let members: usize = sections
            .iter()
            .map(|section| section.students.len() + section.teachers.len())
            .sum();
        for number in 0..(members / 250).clamp(1, 3) {
            let id = format!("66b1f0c00004{:012x}", 0xFFF_0000 + number);
            let last = sections.len() - 1;
            sections[last].students.push(id.clone());
            self.planted.unknown.push(id);
        }
    }

    fn records(&mut self) {
        let odd = ["course/1 @%?#", "section/1 @%?#", "school/1 @%?#"].map(str::to_owned);
        let [course, section, school] = odd.clone();
        let district = &mut self.district;
        let old_course = std::mem::replace(&mut district.courses[0].id, course.clone());
        let old_school = std::mem::replace(&mut district.schools[0].id, school.clone());
        district.sections[0].id = section;
        for section in &mut district.sections {
            if section.course.as_ref() == Some(&old_course) {
                section.course = Some(course.clone());
            }
            if section.school == old_school {
                section.school.clone_from(&school);
            }
        }
        let people = district.students.iter_mut().chain(&mut district.teachers);
        for at in people.flat_map(|person| &mut person.schools) {
            if *at == old_school {
                at.clone_from(&school);
            }
        }
        self.planted.odd_records = odd;
    }
}
