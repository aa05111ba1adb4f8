//! Names to make people, schools and courses of. The people do not exist.

/// First names.
pub(super) const GIVEN: [&str; 48] = [
    "Amara", "Ángel", "Anouk", "Beatriz", "Björn", "Caleb", "Chloë", "Dana", "Deniz", "Eamon",
    "Élodie", "Emeka", "Farah", "Finn", "Giulia", "Hana", "Hiro", "Imani", "Ines", "Ivan",
    "Jasper", "Jia", "José", "Kai", "Keiko", "Lars", "Leila", "Luca", "Mai", "Marek", "Mateo",
    "Nadia", "Niamh", "Noor", "Oskar", "Paloma", "Priya", "Quinn", "Rafael", "René", "Sana",
    "Søren", "Tariq", "Uma", "Viktor", "Wren", "Yusuf", "Zoë",
];

/// Last names.
pub(super) const FAMILY: [&str; 48] = [
    "Abara",
    "Ångström",
    "Baptiste",
    "Brandt",
    "Castro",
    "Çelik",
    "D'Angelo",
    "Dubois",
    "Easton",
    "Ekström",
    "Fischer",
    "Flores",
    "Garcia-Lopez",
    "Gruber",
    "Hashimoto",
    "Hussain",
    "Ibarra",
    "Ito",
    "Jensen",
    "Jovanović",
    "Kim",
    "Kowalski",
    "Larsen",
    "Łukasik",
    "MacLeod",
    "Müller",
    "Nakamura",
    "Núñez",
    "O'Brien",
    "Okafor",
    "Petrov",
    "Peña",
    "Quist",
    "Rahman",
    "Rossi",
    "Santos",
    "Smith",
    "St. Clair",
    "Tanaka",
    "Tran",
    "Ueda",
    "Van der Berg",
    "Vargas",
    "Weiß",
    "Williams",
    "Xiong",
    "Young",
    "Zhang",
];

/// Where schools are.
pub(super) const PLACES: [&str; 16] = [
    "Birch Hollow",
    "Cedar Point",
    "Dune Road",
    "Eagle Ridge",
    "Fern Valley",
    "Gull Harbor",
    "Heron Lake",
    "Juniper Street",
    "Kestrel Park",
    "Lupine Field",
    "Maple Bend",
    "North Cove",
    "Osprey Bay",
    "Pine Crest",
    "Quarry Hill",
    "River Mouth",
];

/// What schools are.
pub(super) const LEVELS: [&str; 3] = ["Elementary School", "Middle School", "High School"];

/// What is taught.
pub(super) const SUBJECTS: [&str; 24] = [
    "Algebra",
    "Art, Foundations",
    "Band",
    "Biology",
    "Ceramics",
    "Chemistry",
    "Civics",
    "Computer Science",
    "Drama",
    "Economics",
    "English",
    "Film & Video",
    "French",
    "Geometry",
    "Graphic Design",
    "Health",
    "Homeroom",
    "Journalism",
    "Photography",
    "Physics",
    "Spanish",
    "Statistics",
    "World History",
    "Yearbook",
];

/// How far it goes.
pub(super) const GRADES: [&str; 5] = ["I", "II", "III", "IV", "(AP)"];
