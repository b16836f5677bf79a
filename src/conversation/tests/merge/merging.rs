//! What must be so where two conversations become one, and what goes along.

use super::*;

#[test]
fn what_was_proven_in_a_session_that_is_long_over_merges_nothing() {
    let limits = Limits::default();
    let mut two = Two::new(3);
    two.there.now += limits.reopen_ms;
    let late = two.there.tries(merges(&two.there));
    assert_eq!(late, Err(Refusal::Closed));
    // Also where an agent has taken it up again to keep a promise.
    two.there.does(two.there.claim(1, two.there.state.seq));
    let late = two.there.tries(merges(&two.there));
    assert_eq!(late, Err(Refusal::Closed));
}

#[test]
fn whoever_comes_along_is_shown_no_earlier_session() {
    let mut two = Two::new(1);
    assert_eq!(two.here.state.floor(), Seq(1));
    two.closes().unwrap();
    two.here.now += Limits::default().reopen_ms;
    two.here.says(8);
    two.here.answers(Effect::Handoff { wanted: wanted() });
    two.here.does(two.here.claim(1, two.here.state.seq));
    two.there.now = two.here.now;
    two.merge();
    let joined = two.here.state.joined(THERE).unwrap();
    let opened = two
        .here
        .events
        .get(usize::try_from(joined.floor.0).unwrap() - 1)
        .unwrap();
    assert!(matches!(opened.body, Body::SessionOpened { .. }));
    assert!(joined.floor > Seq(1));
}

#[test]
fn a_message_left_in_one_is_not_the_message_of_the_other() {
    let two = merged(3);
    let state = &two.here.state;
    assert!(state.owed("T-3").is_some());
    assert_eq!((state.left_message(), state.call_back()), (None, None));
}

#[test]
fn the_bot_is_not_given_words_that_it_cannot_read() {
    let mut two = merged(1);
    assert_eq!(two.here.tries(returns(&two.here)), Err(Refusal::Stale));
    replies(&mut two.here);
    assert!(two.here.tries(returns(&two.here)).is_ok());
}
