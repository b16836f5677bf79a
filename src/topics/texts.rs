//! The engine's own texts, built in, complete in Spanish and English; `_assistant.yaml` may reword each.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use super::fields::{entries, text};
use super::notes::{Notes, Scope};
use super::placeholders;
use super::text::Text;
use super::yaml;

/// The file as it is compiled in.
const SOURCE: &str = include_str!("texts.yaml");

struct Own {
    texts: BTreeMap<String, Text>,
    places: BTreeMap<String, BTreeSet<String>>,
}

static OWN: LazyLock<Own> = LazyLock::new(|| {
    let mut notes = Notes::default();
    let file: Arc<str> = "texts.yaml".into();
    let mut texts = BTreeMap::new();
    let mut places = BTreeMap::new();
    if let Some(root) = yaml::parse(&file, SOURCE, &mut notes.problems) {
        for (key, node) in entries(&root, &mut notes).unwrap_or_default() {
            let Some(text) = text(node, Scope::Engine(key.text.clone()), &mut notes) else {
                continue;
            };
            let cited = text
                .by_lang
                .values()
                .flat_map(super::text::Wording::variants)
                .flat_map(|words| placeholders::find(words).unwrap_or_default())
                .map(|(_, name)| name.to_owned())
                .collect();
            places.insert(key.text.clone(), cited);
            texts.insert(key.text.clone(), text);
        }
    }
    Own { texts, places }
});

/// Every text of the engine by key.
pub fn own() -> &'static BTreeMap<String, Text> {
    &OWN.texts
}

/// The `{…}` that the engine fills in one of its texts.
pub(super) fn places(key: &str) -> Option<&'static BTreeSet<String>> {
    OWN.places.get(key)
}

#[cfg(test)]
mod tests {
    use super::super::lint::wording;
    use super::*;
    use crate::ids::Lang;

    /// The keys that other rooms use.
    const KEYS: [&str; 292] = [
        "errand_subject",
        "errand_mail",
        "errand_open",
        "errand_link_note",
        "errand_title",
        "errand_note",
        "errand_said",
        "errand_answer",
        "errand_done",
        "errand_need_more",
        "errand_not_ours",
        "errand_own_note",
        "errand_send",
        "errand_thanks",
        "use_changed",
        "action_told",
        "novelties_title",
        "novelties_lead",
        "novelties_said",
        "novelties_did",
        "novelties_count",
        "novelties_none",
        "still_queued",
        "still_queued_place",
        "still_queued_wait",
        "transcript_asked",
        "transcript_not_asked",
        "transcript_no_question",
        "why_everybody",
        "why_few_answers",
        "why_silent",
        "why_drawn",
        "why_not_drawn",
        "why_nobody_there",
        "why_flagged",
        "why_notice",
        "why_too_short",
        "why_asked_this_session",
        "why_case_open",
        "why_answered_lately",
        "why_declined_lately",
        "why_asked_enough",
        "why_sensitive_topic",
        "why_no_visitor_turn",
        "why_no_question_fits",
        "card_remembered",
        "remember_ask",
        "remember_done",
        "remember_declined",
        "remember_use",
        "memory_list",
        "memory_item",
        "memory_empty",
        "forget_item",
        "forget_all",
        "forgotten",
        "forgotten_all",
        "notice_next",
        "notice_again",
        "notice_follow",
        "notice_followed",
        "notice_fixed",
        "scale_yes",
        "scale_partly",
        "scale_no",
        "scale_easy",
        "scale_so_so",
        "scale_hard",
        "scale_good",
        "scale_fair",
        "scale_bad",
        "joined_from",
        "joined_visitor",
        "call_owed",
        "promise_told",
        "promise_answer",
        "promise_call",
        "promise_appeal",
        "promise_moved",
        "promise_call_moved",
        "promise_kept",
        "promise_agent_kept",
        "promise_call_kept",
        "promise_appeal_kept",
        "promise_late",
        "promise_call_late",
        "zone_of_town",
        "zone_plain",
        "mail_call_late_subject",
        "mail_call_late",
        "mail_call_moved_subject",
        "mail_call_moved",
        "case_call",
        "case_call_late",
        "case_call_kept",
        "transcript_promise_call",
        "transcript_promise_appeal",
        "transcript_promise_call_moved",
        "transcript_promise_call_kept",
        "transcript_promise_call_late",
        "merged_here",
        "merged_there",
        "unmerged",
        "parted",
        "transcript_merged_here",
        "transcript_merged_there",
        "transcript_unmerged",
        "confirm_otherwise",
        "yes_do",
        "no_leave",
        "confirm_let_go",
        "ask_date",
        "ask_date_again",
        "ask_time",
        "ask_time_again",
        "ask_money",
        "ask_money_again",
        "ask_duration",
        "ask_duration_again",
        "ask_ordinal",
        "ask_ordinal_again",
        "ask_url",
        "ask_url_again",
        "ask_id_number",
        "ask_id_number_again",
        "ask_review",
        "blocked",
        "people_closed",
        "ask_appeal",
        "ask_appeal_again",
        "appeal_taken",
        "appeal_open",
        "appeal_decided",
        "appeal_kept",
        "appeal_lifted",
        "call_me",
        "ask_phone",
        "ask_phone_again",
        "ask_call_time",
        "ask_call_time_again",
        "call_read_back",
        "call_promised",
        "call_what",
        "call_not_now",
        "second_repeat",
        "leave_it",
        "way_out",
        "request_kept",
        "request_taken_up",
        "number_hidden",
        "handoff_missing_value",
        "first_miss",
        "first_miss_no_topics",
        "second_miss",
        "clarify",
        "talk_to_person",
        "yes",
        "no",
        "handoff_repeated_failure",
        "handoff_form_failure",
        "handoff_requested",
        "handoff_sensitive",
        "handoff_bot_error",
        "handoff_rule",
        "handoff_repeated_answer",
        "message_added",
        "case_number",
        "case_number_none",
        "handoff_negative_feedback",
        "nobody_there",
        "ask_contact",
        "ask_message",
        "message_taken",
        "message_taken_no_hours",
        "form_cancelled",
        "cancel_hint",
        "form_resumed",
        "slot_corrected",
        "slot_corrected_called",
        "form_not_done",
        "dissent",
        "confirm_declined",
        "confirm_again",
        "list_options",
        "check_refused_again",
        "topic_gone",
        "already_answered",
        "still_here_assistant",
        "goodbye_anything_else",
        "still_here",
        "take_your_time",
        "end_hint",
        "returned_to_bot",
        "agent_dropped",
        "language_switched",
        "style_fast",
        "style_warm",
        "opinion_positive",
        "opinion_neutral",
        "opinion_negative",
        "opinion_negative_offer_person",
        "opinion_still_stuck",
        "opinion_declined",
        "opinion_suggestion",
        "opinion_doubt",
        "opinion_incident",
        "opinion_case",
        "opinion_case_what",
        "unknown_value",
        "person_declined",
        "skip",
        "nobody_there_no_hours",
        "nobody_came",
        "message_instead",
        "ask_contact_again",
        "contact_kept",
        "contact_skipped",
        "promise_open",
        "go_ahead",
        "opinion_deadline",
        "apology_ask",
        "apology_not_understood",
        "apology_no_help",
        "apology_use",
        "long_wait",
        "keep_waiting",
        "leave_a_message",
        "back_to_assistant",
        "nudge",
        "queue_full",
        "back_to_agent",
        "file_unseen_offer",
        "file_unseen",
        "file_kept",
        "contact_kept_mail",
        "mail_answer_subject",
        "mail_answer",
        "mail_late_subject",
        "mail_late",
        "mail_moved_subject",
        "mail_moved",
        "mail_news_subject",
        "mail_news",
        "mail_transcript_subject",
        "mail_transcript",
        "mail_receipt_subject",
        "mail_open",
        "mail_status",
        "mail_link_note",
        "mail_no_reply",
        "mail_why",
        "case_receipt",
        "case_status",
        "case_words",
        "case_promised",
        "case_taken",
        "case_by",
        "case_team",
        "case_state",
        "case_open",
        "case_late",
        "case_kept",
        "case_print",
        "link_ask",
        "link_gone",
        "link_blocked",
        "transcript_title",
        "transcript_zone",
        "transcript_left_out",
        "transcript_visitor",
        "transcript_choices",
        "transcript_erased",
        "transcript_file",
        "transcript_queued",
        "transcript_joined",
        "transcript_left",
        "transcript_returned",
        "transcript_transferred",
        "transcript_promise",
        "transcript_promise_moved",
        "transcript_promise_kept",
        "transcript_promise_late",
        "transcript_reopened",
        "transcript_closed",
        "transcript_opinion",
        "outcome_resolved_by_bot",
        "outcome_resolved_by_agent",
        "outcome_unresolved",
        "outcome_referred",
        "outcome_abandoned",
        "outcome_expired",
        "outcome_left_message",
    ];

    #[test]
    fn the_built_in_file_is_clean() {
        let mut problems = Vec::new();
        yaml::parse(&"texts.yaml".into(), SOURCE, &mut problems);
        assert_eq!(problems, []);
    }

    #[test]
    fn every_text_is_there_in_both_languages_and_styles() {
        for key in &KEYS {
            let text = own().get(*key);
            for lang in [Lang::es(), Lang::en()] {
                assert!(
                    text.is_some_and(|text| text.by_lang.contains_key(&lang)),
                    "{key} in {lang}"
                );
            }
        }
        for key in own().keys() {
            assert!(KEYS.contains(&key.as_str()), "{key} is used by nobody");
        }
    }

    #[test]
    fn the_base_spanish_suits_tu_and_vos_and_feigns_nothing() {
        for (key, text) in own() {
            for (lang, wording) in &text.by_lang {
                for words in wording.variants() {
                    assert_eq!(wording::faults(lang, words), [], "{key} {lang}: {words}");
                }
            }
        }
    }
}
