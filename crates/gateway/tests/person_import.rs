//! A file of persons is read as a whole, or one line of it is named.

use std::path::Path;

use gateway::import::Source;
use gateway::import::person::{COLUMNS, ImportedPerson, Need, read};
use model::Lang;
use testkit::SeededRandom;

const TODAY: &str = "2026-01-01";
const HEADER: &str = "user_names,family_name,given_name,birth_family_name,birth_given_name,birth_country,birth_region,\
                      birth_locality,birthdate,mothers_family_name,mothers_given_name,nationalities,email,language";
const ANNA: &str = "anna.minta,Minta,Anna,Próba,Anna,HU,Zala,Zalaegerszeg,1985-03-04,Teszt,Éva,HU,anna@pelda.hu,hu";

fn import(bytes: impl Into<Vec<u8>>) -> Result<Vec<ImportedPerson>, String> {
    let source = Source::from_bytes(Path::new("persons"), bytes.into()).map_err(|error| error.to_string())?;
    read(&source, TODAY, &SeededRandom::new(1)).map_err(|error| error.to_string())
}

fn csv(row: &str) -> String {
    format!("{HEADER}\n{row}\n")
}

#[test]
fn a_person_of_a_csv_file() {
    let persons = import(csv(ANNA)).unwrap();
    let [anna] = persons.as_slice() else { panic!("{persons:?}") };
    assert_eq!((anna.line, anna.lang, anna.user_names[0].as_str()), (2, Lang::Hu, "anna.minta"));
    let person = &anna.person;
    assert_eq!(person.name.display(Lang::Hu), "Minta Anna");
    assert_eq!(person.birth_name.display(Lang::Hu), "Próba Anna");
    assert_eq!(person.mothers_name.display(Lang::Hu), "Teszt Éva");
    assert_eq!((person.birth_date.as_str(), person.email.as_str()), ("1985-03-04", "anna@pelda.hu"));
    assert_eq!(person.birth_place.region.as_deref(), Some("Zala"));
    assert_eq!(person.nationalities, ["HU"]);
}

#[test]
fn the_same_persons_however_they_are_written() {
    let json = r#"{"user_names":["anna.minta"],"family_name":"Minta","given_name":"Anna","birth_family_name":"Próba",
        "birth_given_name":"Anna","birth_country":"HU","birth_region":"Zala","birth_locality":"Zalaegerszeg",
        "birthdate":"1985-03-04","mothers_family_name":"Teszt","mothers_given_name":"Éva","nationalities":["HU"],
        "email":"anna@pelda.hu","language":"hu"}"#;
    let expected = import(csv(ANNA)).unwrap();
    let forms = [
        format!("\u{feff}{}", csv(ANNA)),
        csv(ANNA).replace(',', ";"),
        csv(ANNA).replace('\n', "\r\n"),
        csv(ANNA).replace("Minta", "\" Minta\t\"").replace("Próba", "Pro\u{301}ba"),
        csv(&ANNA.replace("anna.minta", " ANNA.Minta ")),
        json.to_owned(),
        format!("[{json}]"),
        json.replace('\n', ""),
        json.replace("[\"anna.minta\"]", "\"anna.minta\"").replace("[\"HU\"]", "\"HU\""),
    ];
    for form in forms {
        let persons = import(form.clone()).unwrap_or_else(|error| panic!("{error}: {form}"));
        assert_eq!(persons[0].person, expected[0].person, "{form}");
        assert_eq!(persons[0].user_names, expected[0].user_names, "{form}");
    }
}

#[test]
fn what_may_be_left_out() {
    let header = "user_names,family_name,given_name,birth_country,birth_locality,birthdate,mothers_family_name,\
                  mothers_given_name,nationalities,email";
    let persons = import(format!(
        "{header}\nbela.proba proba.b,Próba,Béla,RO,Kolozsvár,2000-02-29,Minta,Ildikó,HU RO,bela@pelda.hu\n"
    ));
    let persons = persons.unwrap();
    assert_eq!(persons[0].person.birth_name, persons[0].person.name);
    assert_eq!((persons[0].user_names.len(), persons[0].person.nationalities.len()), (2, 2));
    assert_eq!(persons[0].person.birth_place.region, None);
}

#[test]
fn a_bad_row_is_named_and_nothing_is_imported() {
    let long = "x".repeat(151);
    #[rustfmt::skip]
    let table: Vec<(&str, &str, &str)> = vec![
        ("anna.minta", "",                      "user_names: a person has 1 to 8 user names"),
        ("anna.minta", "a b c d e f g h i",     "user_names: a person has 1 to 8 user names"),
        ("anna.minta", "ann",                   "user_names: a user name has 4 to 64 characters"),
        ("anna.minta", "аnna.minta",            "user_names: a user name starts with a letter"),  // Cyrillic
        ("anna.minta", "bela.proba",            "the user name bela.proba stands on line 2 already"),
        ("anna.minta", "BELA.proba",            "the user name bela.proba stands on line 2 already"),
        ("anna.minta", "anna.minta anna.minta", "the user name anna.minta stands on line 3 already"),
        ("Minta", "",                           "family_name: is missing"),
        ("Minta", " \t",                        "family_name: is missing"),
        ("Minta", &long,                        "family_name: has more than 150 characters"),
        ("Minta", "Min\u{202e}ta",              "family_name: has the character U+202E, which cannot be seen"),
        ("Minta", "Min\u{200d}ta",              "family_name: has the character U+200D, which cannot be seen"),
        ("Minta", "Min\u{0}ta",                 "family_name: has the character U+0000, which cannot be seen"),
        ("Minta", "\u{feff}Minta",              "family_name: has the character U+FEFF, which cannot be seen"),
        ("Minta", "123",                        "family_name: has no letter"),
        (",HU,Zala", ",,Zala",                  "birth_country: is missing"),
        (",HU,Zala", ",hu,Zala",                "birth_country: is no ISO 3166-1 country"),
        (",HU,Zala", ",YU,Zala",                "birth_country: is no ISO 3166-1 country"),
        ("Zalaegerszeg", "",                    "birth_locality: is missing"),
        ("1985-03-04", "",                      "birthdate: is missing"),
        ("1985-03-04", "1985-02-29",            "birthdate: there is no such day"),
        ("1985-03-04", "1985-13-01",            "birthdate: there is no such day"),
        ("1985-03-04", "1985.03.04",            "birthdate: is not written YYYY-MM-DD"),
        ("1985-03-04", "04/03/1985",            "birthdate: is not written YYYY-MM-DD"),
        ("1985-03-04", "1985-3-4",              "birthdate: is not written YYYY-MM-DD"),
        ("1985-03-04", "2026-01-02",            "birthdate: lies before 1890-01-01 or after today"),
        ("1985-03-04", "1785-03-04",            "birthdate: lies before 1890-01-01 or after today"),
        (",HU,anna@", ",,anna@",                "nationalities: a person has 1 to 8 nationalities"),
        (",HU,anna@", ",HU XX,anna@",           "nationalities: is no ISO 3166-1 country"),
        ("anna@pelda.hu", "",                   "email: is missing"),
        ("anna@pelda.hu", "anna",               "email: an e-mail address looks like name@example.org"),
        (",hu", ",de",                          "language: is neither hu nor en"),
        (",hu", "",                             "has 13 fields, but the header has 14 columns"),
        (",hu", ",hu,",                         "has 15 fields, but the header has 14 columns"),
    ];
    let bela = ANNA.replace("anna.minta", "bela.proba");
    for (from, to, expected) in table {
        assert!(ANNA.contains(from), "{from:?}");
        let error = import(csv(&format!("{bela}\n{}", ANNA.replacen(from, to, 1)))).unwrap_err();
        assert!(error.starts_with(&format!("persons line 3: {expected}")), "{from:?} -> {to:?}: {error}");
    }
}

#[test]
fn a_row_of_several_lines_is_named_by_its_first() {
    let two = ANNA.replace("anna.minta", "bela.proba").replace("Zala,", "\"Zala\n\",");
    let three = ANNA.replace("1985-03-04", "soon");
    let error = import(csv(&format!("{two}\n{three}"))).unwrap_err();
    assert!(error.starts_with("persons line 4: birthdate"), "{error}");
}

#[test]
fn a_file_that_is_none_is_refused() {
    let bad_json = format!("[\n{{}},\n{{\"user_names\":\"{}\"}}]", "x");
    #[rustfmt::skip]
    let table: Vec<(Vec<u8>, &str)> = vec![
        (b"".to_vec(),                                              "persons line 1: a file of persons begins with a header"),
        (format!("{HEADER}\n").into(),                              "persons: holds no person"),
        (b"[]".to_vec(),                                            "persons: holds no person"),
        (csv(ANNA).replace("given_name,birth_f", "name,birth_f").into(), "persons line 1: has a column that is not known: \"name\""),
        (csv(ANNA).replace("given_name,birth_f", "family_name,birth_f").into(), "persons line 1: has the column family_name twice"),
        (format!("{}\n", HEADER.replace(",email", "")).into(),      "persons line 1: lacks the column email"),
        (b"\xff\xfeu\0s\0".to_vec(),                                "persons: is UTF-16; save it as UTF-8"),
        ([HEADER.as_bytes(), b"\nanna.minta,Kov\xe1cs\n"].concat(), "persons line 2: is not UTF-8, perhaps Windows-1250"),
        (bad_json.into(),                                           "persons line 2: user_names: a person has 1 to 8"),
        (b"[\n\n{\"user_name\": \"a\"}]".to_vec(),                  "persons line 3: unknown field `user_name`"),
        (b"{}\n{\"email\": 5}".to_vec(),                            "persons line 1: user_names: a person has 1 to 8"),
        (b"{\"email\": \"a\",\n\"email\": \"b\"}".to_vec(),         "persons line 2: duplicate field `email`"),
        (b"{\n\"email\":\n5}".to_vec(),                             "persons line 3: invalid type: integer `5`"),
        (b"[{\"email\":\n\"a@b.hu\"}".to_vec(),                     "persons line 2: EOF while parsing a list"),
        (b"[1]".to_vec(),                                           "persons line 1: invalid type: integer `1`"),
    ];
    for (bytes, expected) in table {
        let error = import(bytes.clone()).unwrap_err();
        assert!(error.starts_with(expected), "{:?}: {error}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn a_hundred_thousand_persons_are_read() {
    let mut text = format!("{HEADER}\n");
    for number in 0..100_000 {
        text.push_str(&ANNA.replace("anna.minta", &format!("anna.{number}")));
        text.push('\n');
    }
    let persons = import(text).unwrap();
    assert_eq!((persons.len(), persons[99_999].line), (100_000, 100_001));
}

#[test]
fn the_documentation_has_the_columns() {
    let documentation = include_str!("../../../docs/person-import.md");
    for column in COLUMNS {
        let need = match column.need {
            Need::Required => "required",
            Need::Optional => "optional",
        };
        let row = format!("| `{}` | {need} | {} |", column.name, column.about);
        assert!(documentation.lines().any(|line| line == row), "{row}");
    }
    let example = documentation.split("```").find(|block| block.starts_with("csv\n")).unwrap();
    assert_eq!(import(example.strip_prefix("csv\n").unwrap()).unwrap().len(), 2);
    let example = documentation.split("```").find(|block| block.starts_with("json\n")).unwrap();
    assert_eq!(import(example.strip_prefix("json\n").unwrap()).unwrap().len(), 1);
}
