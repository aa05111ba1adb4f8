//! Several districts in one pass: `mapping.mode: scoped`.

use roster_sync::config::{UserFilter, named_files};
use roster_sync::model::roster::Collection;

use super::*;

/// The connector file with these entries of `scoped_sources`, each on a line.
fn sources(entries: &[&str]) -> String {
    let entries = entries.iter().map(|entry| format!("  - {entry}\n"));
    let entries: String = entries.collect();
    format!("{SOURCE}mapping:\n  mode: scoped\n  scoped_sources:\n{entries}")
}

/// A root file that maps these.
fn mapping(keys: &[&str]) -> String {
    let keys = keys.iter();
    let keys =
        keys.map(|key| format!("  - {{directory_group: \"{key}\", adobe_groups: [Spark]}}\n"));
    root_with(&format!("  groups:\n{}", keys.collect::<String>()))
}

/// Product, filter and secret of every source.
fn read(source: &str, root: &str, further: &[(&str, &str)]) -> Vec<String> {
    let config = checked_beside(root, source, UMAPI, further).unwrap();
    let sources = config.source.scoped.iter();
    let shown = sources.map(|source| {
        let public = if source.public_token.is_some() {
            " public"
        } else {
            ""
        };
        format!(
            "{}|{:?}|{}{public}",
            source.product, source.user_filter, source.secret
        )
    });
    shown.collect()
}

fn problems(entries: &[&str], further: &[(&str, &str)]) -> String {
    let problems = checked_beside(ROOT, sources(entries), UMAPI, further).unwrap_err();
    let shown = format!("{problems} {problems:?}");
    assert!(!shown.contains("planted"), "{shown}");
    problems.to_string()
}

#[test]
fn sources_stand_in_the_file_and_in_files_of_their_own() {
    let further = [
        (
            "north.csv",
            "Product,USER_FILTER,secret\r\nArt, Students ,\r\n\r\nMusic,,school/music\r\n",
        ),
        (
            "lists/south.tsv",
            "access_token\tproduct\tclient_id\nTEST_TOKEN\tDance, Drama and more\tapi client id here\n",
        ),
    ];
    let south = further[1].1.replace("Dance, Drama and more", "Dance");
    let further = [further[0], ("lists/south.tsv", &south)];
    let source = sources(&[
        "{type: yaml, product: Spark}",
        "{type: file, path: north.csv}",
        "{type: YAML, product: 'classes::A::students', user_filter: teachers, secret: school/a}",
        "{type: file, path: ./lists/south.tsv}",
        "{type: yaml, product: Spark, user_filter: '', access_token: TEST_TOKEN, secret: b}",
    ]);
    assert_eq!(
        read(&source, ROOT, &further),
        [
            "Spark|Users|roster-sync/oneroster/Spark",
            "Art|Students|roster-sync/oneroster/Art",
            "Music|Users|school/music",
            "classes::A::students|Teachers|school/a",
            "Dance|Users|roster-sync/oneroster/Dance public",
            "Spark|Users|b public",
        ]
    );
    assert_eq!(
        named_files(SOURCE_NAME, source.as_bytes()),
        ["north.csv", "lists/south.tsv"]
    );
}

#[test]
fn a_directory_group_is_a_product_letter_by_letter() {
    let source = sources(&[
        "{type: yaml, product: Spark}",
        "{type: yaml, product: spark}",
        "{type: yaml, product: 'courses::x', secret: a}",
        "{type: yaml, product: Spark, secret: a}",
    ]);
    let root = mapping(&["courses::x", "spark", "Spark"]);
    let config = checked(&root, &source, UMAPI).unwrap();
    let mut names: Vec<&str> = config
        .mapping
        .iter()
        .map(|entry| entry.name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 3, "products that differ in case are two");
    for entry in &config.mapping {
        assert_eq!(entry.collection, Collection::Classes);
        assert_eq!(entry.user_filter, UserFilter::Users);
    }
    assert_eq!(config.source.all_users_filter, UserFilter::Users);
    assert_eq!(config.notices, Vec::<String>::new());

    let other = mapping(&["Spark", "SPARK", "courses::x::students"]);
    insta::assert_snapshot!(checked(other, &source, UMAPI).unwrap_err(), @"
    user-sync-config.yml:9:23: directory_group: mode is scoped, so this has to be the product of a source, letter by letter, and 'SPARK' is none; there are: Spark, courses::x, spark
    user-sync-config.yml:10:23: directory_group: mode is scoped, so this has to be the product of a source, letter by letter, and 'courses::x::students' is none; there are: Spark, courses::x, spark
    ");
    let fewer = checked(mapping(&["Spark"]), &source, UMAPI).unwrap();
    insta::assert_snapshot!(fewer.notices.join("\n"), @"
    user-sync-config.yml: no directory_group is the product 'courses::x', so nobody gets anything for being of its sources
    user-sync-config.yml: no directory_group is the product 'spark', so nobody gets anything for being of its sources
    ");
}

#[test]
fn what_has_no_meaning_beside_a_mode_is_a_notice() {
    let standard = "  standard_mapping: {match_groups_by: nonsense, all_users_filter: students}\n";
    let source = sources(&["{type: yaml, product: Spark}"]);
    let source = format!("{source}{standard}secret: school/roster\n");
    let config = checked(mapping(&["Spark"]), source, UMAPI).unwrap();
    assert_eq!(config.source.all_users_filter, UserFilter::Users);
    insta::assert_snapshot!(config.notices.join("\n"), @"
    connector-oneroster.yml: standard_mapping has no effect: mode is scoped
    connector-oneroster.yml: secret has no effect: mode is scoped, and each source has a secret of its own
    ");
    let source = format!("{SOURCE}mapping:\n  mode: standard\n  scoped_sources: [{{type: odd}}]\n");
    let config = checked(ROOT, source, UMAPI).unwrap();
    assert!(config.source.scoped.is_empty());
    insta::assert_snapshot!(config.notices.join("\n"), @"connector-oneroster.yml: scoped_sources has no effect: mode is standard");
}

#[test]
fn a_mode_and_its_sources_go_together() {
    let list = "  scoped_sources: [{type: yaml, product: Spark}]\n";
    let problems = [
        source_problems(&format!("{SOURCE}mapping:\n{list}")),
        source_problems(&format!("{SOURCE}mapping:\n  mode: scoped\n")),
        source_problems(&format!(
            "{SOURCE}mapping:\n  mode: scoped\n  scoped_sources: []\n"
        )),
        source_problems(&format!("{SOURCE}mapping:\n  mode: scope\n{list}")),
        source_problems(&format!(
            "{SOURCE}mapping:\n  mode: scoped\n  scoped_sources: x.csv\n"
        )),
        source_problems(&format!(
            "{SOURCE}mapping:\n  mode: scoped\n  scoped_sources: ['', ~]\n"
        )),
    ];
    insta::assert_snapshot!(problems.join("\n"), @"
    connector-oneroster.yml:5:3: scoped_sources: mode is missing beside it. Write mode: scoped, or delete scoped_sources
    connector-oneroster.yml:5:9: mode: a mode of scoped needs scoped_sources, a list of sources. Write them, or write mode: standard
    connector-oneroster.yml:5:9: mode: a mode of scoped needs scoped_sources, a list of sources. Write them, or write mode: standard
    connector-oneroster.yml:5:9: mode: 'scope' is not known; did you mean 'scoped'?
    connector-oneroster.yml:6:19: scoped_sources: a list is expected here; an entry looks like this: '- {type: yaml, product: …}', or '- {type: file, path: sources.csv}'
    connector-oneroster.yml:6:19: scoped_sources: there is no source here; an entry looks like this: '- {type: yaml, product: …}', or '- {type: file, path: sources.csv}'
    ");
}

#[test]
fn every_bad_source_of_the_file_is_reported() {
    let problems = problems(
        &[
            "{product: Spark}",
            "{type: xml, product: Spark}",
            "Spark",
            "{type: yaml, path: x.csv, user_filter: pupils}",
            "{type: yaml, product: [Spark], secret: [a]}",
            "{type: yaml, product: Photo shop}",
            "{type: file}",
            "{type: file, path: /etc/x.csv}",
            "{type: file, path: gone.csv, product: Spark}",
        ],
        &[],
    );
    insta::assert_snapshot!(problems, @"
    connector-oneroster.yml:7:5: type: this key is missing here. Write type: yaml, or type: file with the path of a CSV file
    connector-oneroster.yml:8:12: type: 'xml' is not known; possible are: yaml, file
    connector-oneroster.yml:9:5: scoped_sources: an entry looks like this: '- {type: yaml, product: …}', or '- {type: file, path: sources.csv}'
    connector-oneroster.yml:10:5: product: this key is missing here. Write the directory group that everybody of this source is in
    connector-oneroster.yml:10:18: path: this key is not known here; possible are: type, product, user_filter, secret
    connector-oneroster.yml:10:44: user_filter: 'pupils' is not known; possible are: students, teachers, users
    connector-oneroster.yml:11:27: product: one value is expected here, not a list or a section
    connector-oneroster.yml:11:44: secret: one value is expected here, not a list or a section
    connector-oneroster.yml:12:27: product: this cannot be the name of a secret, which has only the letters a to z, digits and /_+=.@-. Name the one that holds the credentials of this source in its secret, for example roster-sync/oneroster/source-6
    connector-oneroster.yml:13:5: path: this key is missing here. Write the name of a CSV file that lies beside the root file
    connector-oneroster.yml:14:24: path: '/etc/x.csv' cannot be found from S3. Upload the file beside the root file, and write its name alone
    connector-oneroster.yml:15:24: path: the file 'gone.csv' is not there. Upload it beside the root file, or correct the name
    connector-oneroster.yml:15:34: product: this key is not known here; possible are: type, path
    ");
}

#[test]
fn every_bad_row_of_a_file_is_reported_and_no_cell_is_repeated() {
    let bad = "product,user_filter,secret\nSpark,planted,\n,teachers,a\nplanted one,users,\nSpark,users,a,planted\n\"Spark\nplanted\",,\nArt,,\n";
    let tabs = "product\tsecret\nplanted: one\t\n";
    let problems = problems(
        &[
            "{type: file, path: bad.csv}",
            "{type: file, path: empty.csv}",
            "{type: file, path: head.csv}",
            "{type: file, path: blank.csv}",
            "{type: file, path: unknown.csv}",
            "{type: file, path: tabs.txt}",
        ],
        &[
            ("bad.csv", bad),
            ("empty.csv", ""),
            ("head.csv", "product,secret\n"),
            ("blank.csv", ",,\n,,\n"),
            ("unknown.csv", "planted,secret\nSpark,\n"),
            ("tabs.txt", tabs),
        ],
    );
    insta::assert_snapshot!(problems, @"
    bad.csv:2:7: user_filter: this is none of students, teachers and users
    bad.csv:3:1: product: this source has none. Write the directory group that everybody of it is in
    bad.csv:4:1: product: this cannot be the name of a secret, which has only the letters a to z, digits and /_+=.@-. Name the one that holds the credentials of this source in its secret, for example roster-sync/oneroster/source-3
    bad.csv:5:15: this cell belongs to no column of the first line
    bad.csv:6:1: a quotation mark is opened here and not closed on its line
    empty.csv:1:1: no source stands in this file. Write a row for each
    head.csv:1:1: no source stands in this file. Write a row for each
    blank.csv:1:1: no source stands in this file. Write a row for each
    unknown.csv:1:1: this column is not known: the first line names the columns, and they are: product, user_filter, secret; commas between them in a .csv file, tabs in any other
    tabs.txt:2:1: product: this cannot be the name of a secret, which has only the letters a to z, digits and /_+=.@-. Name the one that holds the credentials of this source in its secret, for example roster-sync/oneroster/source-6
    ");
}

#[test]
fn credentials_of_a_source_belong_in_its_own_secret() {
    let rows = "product,client_id,client_secret,access_token,secret\nArt,planted,planted,,\nMusic,,,planted,school/music\nDrama,,,TEST_TOKEN,\n";
    let problems = problems(
        &[
            "{type: yaml, product: Spark, client_id: planted, client_secret: planted}",
            "{type: yaml, product: Spark, access_token: planted, secret: school/spark}",
            "{type: yaml, product: A B, access_token: planted}",
            "{type: file, path: x.csv}",
        ],
        &[("x.csv", rows)],
    );
    insta::assert_snapshot!(problems, @r#"
    connector-oneroster.yml:7:34: client_id: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret roster-sync/oneroster/Spark this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    connector-oneroster.yml:7:54: client_secret: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret roster-sync/oneroster/Spark this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    connector-oneroster.yml:8:34: access_token: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret school/spark this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    connector-oneroster.yml:9:27: product: this cannot be the name of a secret, which has only the letters a to z, digits and /_+=.@-. Name the one that holds the credentials of this source in its secret, for example roster-sync/oneroster/source-3
    connector-oneroster.yml:9:32: access_token: credentials do not belong in this file. Delete the line. In AWS Secrets Manager, give the secret roster-sync/oneroster/source-3 this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    x.csv:2:5: client_id: credentials do not belong in this file. Empty the cell. In AWS Secrets Manager, give the secret roster-sync/oneroster/Art this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    x.csv:2:13: client_secret: credentials do not belong in this file. Empty the cell. In AWS Secrets Manager, give the secret roster-sync/oneroster/Art this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    x.csv:3:9: access_token: credentials do not belong in this file. Empty the cell. In AWS Secrets Manager, give the secret school/music this value: {"client_id": "…", "client_secret": "…"} or {"access_token": "…"}
    "#);
}

#[test]
fn sources_of_one_product_are_told_apart_by_their_secrets() {
    let entries = [
        "{type: yaml, product: Spark}",
        "{type: yaml, product: Spark, secret: south}",
        "{type: yaml, product: Spark, user_filter: teachers}",
        "{type: file, path: x.csv}",
    ];
    let rows = "product,secret\nSpark,\nSpark,north\nArt,\n";
    insta::assert_snapshot!(problems(&entries, &[("x.csv", rows)]), @"
    connector-oneroster.yml:9:27: product: an earlier source has this product, too, and its credentials in roster-sync/oneroster/Spark. Name the secret of each in its secret; if it is one and the same, in both
    x.csv:2:1: product: an earlier source has this product, too, and its credentials in roster-sync/oneroster/Spark. Name the secret of each in its secret; if it is one and the same, in both
    ");
}

#[test]
fn the_public_token_is_clevers() {
    let source = sources(&["{type: yaml, product: Spark, access_token: TEST_TOKEN}"]);
    let source = source.replace(
        SOURCE,
        "connection:\n  platform: classlink\n  host: https://x.test/ims/oneroster/v1p1/\n",
    );
    insta::assert_snapshot!(checked(ROOT, source, UMAPI).unwrap_err(), @"connector-oneroster.yml:7:34: access_token: TEST_TOKEN opens Clever's example district, not a roster at ClassLink. Delete the line");
}

#[test]
fn a_mapping_is_not_judged_by_sources_that_are_not_all_known() {
    let source = sources(&[
        "{type: yaml, product: Spark}",
        "{type: file, path: gone.csv}",
    ]);
    let root = format!(
        "{}invocation_defaults: {{users: [group, Art]}}\n",
        mapping(&["Art"])
    );
    let problems = checked(root, source, UMAPI).unwrap_err();
    assert_eq!(problems.0.len(), 1, "{problems}");
    assert!(problems.to_string().contains("gone.csv"), "{problems}");
}
