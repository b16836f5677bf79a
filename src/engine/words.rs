//! Words that the engine itself needs: the greeting, the names of what stands on the desk, the tag under which somebody reads.

use super::Engine;
use crate::conversation::{Choice, Opening, Target};
use crate::ids::{Lang, SiteId, Style, TeamId};
use crate::protocol::agent::DeskView;
use crate::topics::{Reader, Text};

impl Engine {
    /// The greeting as it is shown before the first act.
    pub(crate) fn greeting(&self, opening: &Opening) -> (Vec<String>, Vec<Choice>) {
        let live = self.live();
        let lang = self.reader_lang(&opening.site, &opening.lang);
        if let Some(invite) = &opening.invite {
            let reader = Reader::new(&live.catalog, &opening.site, &lang, opening.style);
            if let Some(greeting) = self.invited(invite, &reader) {
                return greeting;
            }
        }
        let text = live
            .catalog
            .assistant
            .greeting
            .for_reader(&lang, opening.style)
            .to_owned();
        let choices = live
            .catalog
            .assistant
            .greeting_choices
            .iter()
            .filter_map(|id| live.catalog.topics.get(id));
        let choices = choices.map(|topic| Choice {
            title: topic.title.for_reader(&lang, opening.style).to_owned(),
            target: Target::Topic {
                topic: topic.id.clone(),
            },
        });
        (vec![text], choices.collect())
    }

    /// The tag under which a visitor of this site reads: the site's register for its own language, else the visitor's.
    pub fn reader_lang(&self, site: &SiteId, lang: &Lang) -> Lang {
        let live = self.live();
        match live.catalog.site(site) {
            Some(site) if *lang == site.register.base() => site.register.clone(),
            Some(_) | None => lang.clone(),
        }
    }

    /// A team's name in a language.
    pub fn team_name(&self, team: &TeamId, lang: &Lang) -> String {
        let live = self.live();
        live.catalog.team_name(team).map_or_else(
            || team.to_string(),
            |name| name.for_reader(lang, Style::Warm).to_owned(),
        )
    }

    /// The desk in a language: the names of teams and skills, and the reasons for a close. A skill that the files do not have (any more) stays as it is.
    pub(super) fn word_desk(&self, desk: &mut DeskView, lang: &Lang) {
        let live = self.live();
        let word = |text: &Text| text.for_reader(lang, Style::Warm).to_owned();
        let items = [&mut desk.waiting, &mut desk.messages, &mut desk.assigned];
        for item in items.into_iter().flatten() {
            item.team_name = self.team_name(&item.team, lang);
            for skill in &mut item.skills {
                let id = skill.parse().ok();
                if let Some(name) = id.and_then(|id| live.catalog.skill_name(&id)) {
                    *skill = word(name);
                }
            }
        }
        for team in &mut desk.teams {
            let Some(known) = live.catalog.teams.get(&team.id) else {
                continue;
            };
            team.name = word(&known.name);
            let reasons = known.wrap_up.iter();
            team.wrap_up = reasons
                .map(|(code, title)| (code.clone(), word(title)))
                .collect();
        }
    }

    pub(super) fn plain_opening(&self) -> Opening {
        let live = self.live();
        let assistant = &live.catalog.assistant;
        let site = assistant.sites.keys().next().cloned();
        let lang = assistant.languages.first().cloned();
        Opening::plain(
            site.unwrap_or_else(|| "demo".parse().expect("a valid slug")),
            lang.unwrap_or_else(Lang::es),
        )
    }
}
