//! Pages in a row, and what becomes of them.

use super::*;

/// Reads pages of these new ids, at most three on each, until something is decided. The server shows the row that a
/// page begins with besides.
fn read(pages: &[(&[&str], Option<usize>)]) -> Result<usize, Broken> {
    let mut last = None;
    let whole = pages.iter().map(|(ids, total)| {
        let ids: Vec<&str> = last.into_iter().chain(ids.iter().copied()).collect();
        last = ids.last().copied();
        (ids, *total)
    });
    let whole: Vec<_> = whole.collect();
    let pages: Vec<(&[&str], _)> = whole
        .iter()
        .map(|(ids, total)| (&ids[..], *total))
        .collect();
    read_as_shown(&pages)
}

/// Reads these pages.
fn read_as_shown(pages: &[(&[&str], Option<usize>)]) -> Result<usize, Broken> {
    let mut paging = Paging::default();
    for (number, (ids, total)) in pages.iter().enumerate() {
        let ids: Vec<RosterId> = ids.iter().map(|id| RosterId::new(*id)).collect();
        let ids: Vec<Option<&RosterId>> = ids.iter().map(Some).collect();
        let total = total.map(|rows| Total {
            rows,
            is_whole: false,
        });
        if paging.page(&ids, total, 3)? == Step::End {
            return Ok(number + 1);
        }
    }
    panic!("no end after {} pages", pages.len())
}

const NONE: (&[&str], Option<usize>) = (&[], None);

#[test]
fn without_a_total_only_an_empty_page_is_the_end() {
    assert_eq!(read(&[(&["a", "b"], None), (&["c"], None), NONE]), Ok(3));
    assert_eq!(read(&[NONE]), Ok(1));
}

#[test]
fn a_total_that_is_reached_on_a_page_that_is_not_full_is_the_end() {
    assert_eq!(read(&[(&["a", "b"], Some(2))]), Ok(1));
    let pages: [(&[&str], _); 2] = [(&["a", "b", "c"], Some(4)), (&["d"], Some(4))];
    assert_eq!(read(&pages), Ok(2));
    // A server that cuts pages to two rows, one of which is known.
    let pages: [(&[&str], _); 3] = [(&["a", "b"], Some(3)), (&["c"], Some(3)), NONE];
    assert_eq!(read(&pages), Ok(3));
}

#[test]
fn a_total_that_is_reached_where_pages_are_cut_is_no_end() {
    let cut: [(&[&str], _); 4] = [
        (&["a", "b"], Some(4)),
        (&["c", "d"], Some(4)),
        (&["e"], Some(4)),
        (&[], Some(4)),
    ];
    assert_eq!(read(&cut), Ok(4));
    assert_eq!(read(&[cut[0], cut[1], (&[], Some(4))]), Ok(3));
}

#[test]
fn a_large_page_s_own_total_is_an_end_only_where_it_cannot_be_the_page_s() {
    let ids: Vec<String> = (0..200).map(|n| format!("{n:03}")).collect();
    let rows = |ids: &[String], told: usize, is_whole| {
        let ids: Vec<RosterId> = ids.iter().map(|id| RosterId::new(id.as_str())).collect();
        let ids: Vec<Option<&RosterId>> = ids.iter().map(Some).collect();
        let total = Total {
            rows: told,
            is_whole,
        };
        Paging::default().page(&ids, Some(total), 1000)
    };
    assert_eq!(rows(&ids, 200, false), Ok(Step::On));
    assert_eq!(rows(&ids, 200, true), Ok(Step::End));
    assert_eq!(rows(&ids[..99], 99, false), Ok(Step::End));
}

#[test]
fn a_total_that_is_the_page_s_own_is_no_end() {
    let page = |ids: &'static [&'static str]| (ids, Some(ids.len()));
    let pages = [
        page(&["a", "b", "c"]),
        page(&["d", "e", "f"]),
        page(&["g"]),
        page(&[]),
    ];
    assert_eq!(read(&pages), Ok(4));
}

#[test]
fn a_total_that_is_too_small_is_not_believed() {
    let pages: [(&[&str], _); 4] = [
        (&["a", "b", "c"], Some(4)),
        (&["d", "e", "f"], Some(4)),
        (&["g"], Some(4)),
        (&[], Some(4)),
    ];
    assert_eq!(read(&pages), Ok(4));
}

#[test]
fn an_end_before_the_total_is_none() {
    assert_eq!(read(&[(&["a", "b"], Some(3)), NONE]), Err(Broken::Short));
    assert_eq!(read(&[(&[], Some(3))]), Err(Broken::Short));
}

#[test]
fn a_total_that_moves_is_told_at_the_end() {
    let pages: [(&[&str], _); 2] = [(&["a", "b", "c"], Some(4)), (&["d"], Some(6))];
    assert_eq!(read(&pages), Err(Broken::Moved));
}

#[test]
fn pages_that_do_not_have_just_one_row_in_common_have_moved() {
    let first: (&[&str], _) = (&["a", "b", "c"], None);
    let read = |others: &[(&[&str], Option<usize>)]| read_as_shown(&[&[first], others].concat());
    assert_eq!(read(&[(&["c", "d"], None), (&["d"], None)]), Ok(3));
    // One before was deleted, so that one after it slipped away.
    assert_eq!(
        read(&[(&["e", "f"], None), (&["f"], None)]),
        Err(Broken::Moved)
    );
    assert_eq!(read(&[NONE]), Err(Broken::Moved));
    // One before was added.
    let added: [(&[&str], _); 2] = [(&["b", "c", "d"], None), (&["d"], None)];
    assert_eq!(read(&added), Err(Broken::Repeats));
    // Whatever the order within a page.
    assert_eq!(read(&[(&["e", "d", "c"], None), (&["d"], None)]), Ok(3));
    // On one page it is one record that is listed twice.
    assert_eq!(
        read_as_shown(&[(&["a", "a", "b"], None), (&["b"], None)]),
        Ok(2)
    );
}

#[test]
fn pages_of_one_row_have_nothing_in_common() {
    let one: (&[&str], _) = (&["a"], None);
    assert_eq!(read_as_shown(&[one, (&["b"], None), NONE]), Ok(3));
    assert_eq!(
        read_as_shown(&[one, (&["b"], None), one, NONE]),
        Err(Broken::Repeats)
    );
}

#[test]
fn a_server_that_ignores_the_offset_has_shown_everything_or_nothing_of_use() {
    let short: (&[&str], _) = (&["a", "b"], None);
    assert_eq!(read_as_shown(&[short, short, short]), Ok(3));
    let full: (&[&str], _) = (&["a", "b", "c"], None);
    assert_eq!(
        read_as_shown(&[full, full, full]),
        Err(Broken::OffsetIgnored)
    );
    let cut: (&[&str], _) = (&["a", "b"], Some(7));
    assert_eq!(read_as_shown(&[cut, cut, cut]), Err(Broken::Short));
}

#[test]
fn a_server_that_takes_offsets_of_whole_pages_only_is_asked_for_those() {
    let first: (&[&str], _) = (&["a", "b", "c"], None);
    let next: (&[&str], _) = (&["d", "e"], None);
    assert_eq!(read_as_shown(&[first, first, next, NONE]), Ok(4));
}

#[test]
fn a_server_that_repeats_its_last_page_is_not_asked_for_ever() {
    let last: (&[&str], _) = (&["c", "d"], None);
    assert_eq!(
        read_as_shown(&[(&["a", "b", "c"], None), last, last]),
        Err(Broken::Repeats)
    );
}

#[test]
fn what_is_left_follows_from_the_total_and_the_first_page() {
    let left = |ids: &[&str], total: Option<usize>| {
        let ids: Vec<RosterId> = ids.iter().map(|id| RosterId::new(*id)).collect();
        let ids: Vec<Option<&RosterId>> = ids.iter().map(Some).collect();
        let mut paging = Paging::default();
        let total = total.map(|rows| Total {
            rows,
            is_whole: false,
        });
        paging.page(&ids, total, 3).unwrap();
        paging.left(3)
    };
    assert_eq!(left(&["a", "b", "c"], Some(4)), Left::Pages(1));
    assert_eq!(left(&["a", "b", "c"], Some(9)), Left::Pages(3));
    assert_eq!(left(&["a", "b"], Some(9)), Left::Pages(4));
    assert_eq!(left(&["a", "b", "c"], None), Left::Unknown);
}
