//! The handoff card: what an agent needs to know before the first word.

use std::collections::BTreeMap;

use crate::conversation::{Limits, Owner, State};
use crate::ids::{Lang, SiteId, Style, Timestamp, TopicId};
use crate::protocol::agent::{Card, PromiseCard, ShutOutCard};
use crate::topics::{Catalog, Reader};

/// The card of a conversation, worded in `lang`, the agent's language. `contact`: where the visitor asked to be answered.
///
/// `now` and `limits` tell what of an earlier visit is still kept.
pub(super) fn card(
    state: &State,
    catalog: &Catalog,
    lang: &Lang,
    (now, limits): (Timestamp, &Limits),
) -> Card {
    let opening = state.session.as_ref().map(|session| &session.opening);
    let title = |id: &TopicId| {
        catalog.topics.get(id).map_or_else(
            || id.to_string(),
            |topic| topic.title.for_reader(lang, Style::Warm).to_owned(),
        )
    };
    let session = state.session.as_ref();
    let topic = matter(state, catalog);
    let kept = remembered(state, catalog, lang, (now, limits));
    let (agent, agent_name) = match &state.owner {
        Owner::Assigned { agent, name, .. } => (Some(*agent), Some(name.clone())),
        Owner::Nobody | Owner::Bot | Owner::Queued(_) | Owner::Closed { .. } => (None, None),
    };
    Card {
        wants: match topic {
            Some(topic) => title(topic),
            // An insult, a thanks or the wish for a person was understood, and is no matter.
            None if understood(state) => String::new(),
            None => state.last_words.chars().take(200).collect(),
        },
        topic: topic.cloned(),
        own_answer: (topic.and_then(|id| catalog.topics.get(id)))
            .zip(opening)
            .is_some_and(|(topic, opening)| {
                topic.own_answer(&opening.site, state.style()).is_some()
            }),
        tried: state.memory.tried.iter().map(title).collect(),
        data: state
            .slots
            .iter()
            // A hyphen stands in no slot of the files: these are the bot's own notes.
            .filter(|(name, _)| !name.as_str().contains('-'))
            .map(|(name, value)| (name.to_string(), value.clone()))
            .chain(
                kept.iter()
                    .map(|(name, _, value)| (name.clone(), value.clone())),
            )
            .collect(),
        called: called(state, catalog, lang)
            .into_iter()
            .chain(
                kept.iter()
                    .map(|(name, label, _)| (name.clone(), label.clone())),
            )
            .collect(),
        verified: state.memory.verified.clone(),
        reason: session.and_then(|session| session.handoff),
        stage: opening.and_then(|opening| opening.stage).or_else(|| {
            topic
                .and_then(|id| catalog.topics.get(id))
                .and_then(|topic| topic.stage)
        }),
        touchpoint: opening
            .and_then(|opening| opening.touchpoint.as_deref())
            .map(|id| touchpoint(id, catalog, lang)),
        page: opening.and_then(|opening| opening.page.clone()),
        site: opening.map_or_else(
            || "demo".parse::<SiteId>().expect("a valid slug"),
            |opening| opening.site.clone(),
        ),
        channel: opening
            .map(|opening| opening.channel.clone())
            .unwrap_or_default(),
        lang: opening.map_or_else(Lang::es, |opening| opening.lang.clone()),
        style: state.style(),
        angry: state.memory.angry,
        failures: state.memory.failures,
        promises: state.promises.iter().map(PromiseCard::of).collect(),
        contact: state.contact.clone(),
        mail_failed: (state.mail_failed.as_ref()).map(|failed| failed.status.clone()),
        state: state.word().to_owned(),
        snoozed_until: state.snoozed_until(),
        abuse: state.abuse,
        shut_out: state.shut_out.as_ref().map(ShutOutCard::of),
        related: Vec::new(),
        agent_name,
        agent,
    }
}

/// What people of the company call a touchpoint. A word of the page's own, which no file names, stays one, without its hyphens.
fn touchpoint(id: &str, catalog: &Catalog, lang: &Lang) -> String {
    catalog.journey.named(id).map_or_else(
        || id.replace(['_', '-'], " "),
        |known| known.name.for_reader(lang, Style::Warm).to_owned(),
    )
}

/// Whether anything was understood, be it a greeting.
fn understood(state: &State) -> bool {
    let topic = state
        .session
        .as_ref()
        .and_then(|session| session.topic.as_ref());
    topic.is_some() || !state.memory.tried.is_empty()
}

/// What people call the values that were given, where the files say it.
fn called(state: &State, catalog: &Catalog, lang: &Lang) -> BTreeMap<String, String> {
    let names = state.slots.keys().filter_map(|name| {
        let of_topics = catalog.topics.values().flat_map(|topic| &topic.slots);
        let of_checks = catalog.checks.values().flat_map(|check| &check.slots);
        let called = of_topics.chain(of_checks).find_map(|slot| {
            let named = slot.name == *name;
            slot.called.as_ref().filter(|_| named)
        })?;
        let words = called.for_reader(lang, Style::Warm);
        Some((name.to_string(), bare(words)))
    });
    names.collect()
}

/// What the visitor wanted kept for their next visits: name, label and value of each. A hyphen stands in no slot of the files.
fn remembered(
    state: &State,
    catalog: &Catalog,
    lang: &Lang,
    (now, limits): (Timestamp, &Limits),
) -> Vec<(String, String, String)> {
    let site = state.session.as_ref();
    let Some(site) = site.map(|session| &session.opening.site) else {
        return Vec::new();
    };
    let reader = Reader::new(catalog, site, lang, Style::Warm);
    let kept = state.kept.at(now, limits).map(|(item, kept)| {
        let mut slots = catalog.topics.values().flat_map(|topic| &topic.slots);
        let slot = slots.find(|slot| slot.remember.as_ref() == Some(item));
        let called = slot.and_then(|slot| slot.called.as_ref());
        let what = called.map_or_else(
            || item.to_string(),
            |called| bare(called.for_reader(lang, Style::Warm)),
        );
        let label = reader.engine("card_remembered", &[("what", &what)]);
        (format!("remembered-{item}"), label, kept.value.clone())
    });
    kept.collect()
}

/// As a label: without its article, with a capital.
fn bare(words: &str) -> String {
    const ARTICLES: [&str; 6] = ["el ", "la ", "los ", "las ", "the ", "your "];
    let words = (ARTICLES.iter())
        .find_map(|article| words.strip_prefix(article))
        .unwrap_or(words);
    let mut chars = words.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}

/// What the conversation is about: of the topics that were understood the last with a matter of its own. A thanks, an insult or the wish for a
/// person says nothing of why somebody is here.
fn matter<'s>(state: &'s State, catalog: &Catalog) -> Option<&'s TopicId> {
    let last = state.session.as_ref()?.topic.as_ref();
    last.into_iter()
        .chain(state.memory.tried.iter().rev())
        .find(|id| {
            let topic = catalog.topics.get(*id);
            topic.is_none_or(|topic| !topic.small_talk && topic.role.is_none())
        })
}
