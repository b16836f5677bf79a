//! Notices in words: as a visitor sees them before typing, and what comes before the bot's answer.

use super::InForce;
use crate::conversation::{Body, Command, Refusal};
use crate::conversation::{BotTurn, DeskCommand, Effect, Event, Opening, State};
use crate::engine::bot::worded;
use crate::engine::conversations::Step;
use crate::engine::{Engine, EngineError, Live, VisitorDoor};
use crate::ids::{ClientId, Lang, NoticeId, Seq, Style, Timestamp, TopicId};
use crate::protocol::visitor::NoticeCard;
use crate::topics::{Reader, Text};

impl InForce {
    /// Apology, what happens, what to do meanwhile, when there is more to say. An update that is late is not spoken of: the author is reminded, not the
    /// visitor.
    fn paragraphs(&self, reader: &Reader<'_>, now: Timestamp, zone: &str) -> Vec<String> {
        let said = |text: &Text| reader.fill(text, |_| None);
        let notice = &self.notice;
        let mut out = vec![said(&notice.apology), said(&notice.happens)];
        out.extend(notice.workaround.as_ref().map(said));
        let next = notice.next_update.filter(|at| *at > now);
        let when = next.and_then(|at| worded(at, now, zone, &reader.lang));
        out.extend(when.map(|when| reader.engine("notice_next", &[("when", &when)])));
        out
    }
}

/// Whether a notice holds for the visitor of a conversation: where they are, or about what they asked.
pub(in crate::engine) fn holds_for(step: &Step<'_>) -> bool {
    let Some(session) = &step.state.session else {
        return false;
    };
    let opening = &session.opening;
    step.engine.in_force().iter().any(|one| {
        let notice = &one.notice;
        let asked = session
            .topic
            .as_ref()
            .is_some_and(|topic| notice.covers(topic));
        notice.is_for(&opening.site, &opening.lang)
            && (asked || notice.is_on(opening.page.as_deref()))
    })
}

/// Puts the notices that hold for an answer before it: in full where this visitor has not heard it like this, in a line where they ask again. Gives what is
/// to be noted of that.
pub(in crate::engine) fn come_first(
    step: &Step<'_>,
    live: &Live,
    turn: &mut BotTurn,
) -> Vec<DeskCommand> {
    let (state, in_force) = (&*step.state, step.engine.in_force());
    let Some(session) = state.session.as_ref().filter(|_| !in_force.is_empty()) else {
        return Vec::new();
    };
    let opening = &session.opening;
    let lang = turn.lang.as_ref().unwrap_or(&opening.lang);
    let reader_lang = step.engine.reader_lang(&opening.site, lang);
    let reader = Reader::new(&live.catalog, &opening.site, &reader_lang, opening.style);
    let zone = step.engine.zone_of(opening);
    let (mut first, mut heard) = (Vec::new(), Vec::new());
    for one in in_force.iter() {
        let notice = &one.notice;
        if !notice.is_for(&opening.site, lang) || !concerns(one, state, turn) {
            continue;
        }
        if state.heard.get(&notice.id) != Some(&one.version) {
            first.push(one.paragraphs(&reader, step.now, &zone).join(" "));
            heard.push(DeskCommand::HearNotice {
                notice: notice.id.clone(),
                version: one.version,
            });
        } else if !turn.understood.is_empty() && !goes_on(state, turn) {
            let title = reader.fill(&notice.title, |_| None);
            first.push(reader.engine("notice_again", &[("title", &title)]));
        }
    }
    turn.says.splice(0..0, first);
    heard
}

/// Whether an answer is the next step of the form that is open.
fn goes_on(state: &State, turn: &BotTurn) -> bool {
    let open = state.memory.open.as_ref();
    open.is_some_and(|form| Some(&form.topic) == turn.topic.as_ref())
}

/// Whether a notice belongs before an answer: it covers its topic, or a person is wanted over one of its topics or while it is of no topic at all.
fn concerns(one: &InForce, state: &State, turn: &BotTurn) -> bool {
    let covers = |topic: &TopicId| one.notice.covers(topic);
    if turn.topic.as_ref().is_some_and(covers) {
        return true;
    }
    let session = state
        .session
        .as_ref()
        .and_then(|session| session.topic.as_ref());
    let asked = session.into_iter().chain(&state.memory.tried);
    matches!(turn.effect, Effect::Handoff { .. })
        && (one.notice.topics.is_empty() || asked.into_iter().any(covers))
}

impl Engine {
    /// The notices that hold for who came like this, as they read them; `state`: what they follow already.
    fn cards(
        &self,
        opening: &Opening,
        (lang, style): (&Lang, Style),
        follows: &dyn Fn(&NoticeId) -> bool,
    ) -> Vec<NoticeCard> {
        let in_force = self.in_force();
        if in_force.is_empty() {
            return Vec::new();
        }
        let live = self.live();
        let reader_lang = self.reader_lang(&opening.site, lang);
        let reader = Reader::new(&live.catalog, &opening.site, &reader_lang, style);
        let (now, zone) = (self.now(), self.zone_of(opening));
        let mine = in_force.iter().filter(|one| {
            one.notice.is_for(&opening.site, lang) && one.notice.is_on(opening.page.as_deref())
        });
        mine.map(|one| {
            let followed = follows(&one.notice.id);
            let label = |key: &str| reader.engine(key, &[]);
            NoticeCard {
                id: one.notice.id.clone(),
                title: reader.fill(&one.notice.title, |_| None),
                texts: one.paragraphs(&reader, now, &zone),
                lang: reader.lang.clone(),
                follow: (!followed).then(|| label("notice_follow")),
                followed: followed.then(|| label("notice_followed")),
            }
        })
        .collect()
    }
}

impl VisitorDoor {
    /// The notices that hold for this visitor on their page.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn notices(&self) -> Result<Vec<NoticeCard>, EngineError> {
        if self.engine().in_force().is_empty() {
            return Ok(Vec::new());
        }
        let (lang, style, _) = self.manner().await?;
        let follows = self
            .engine()
            .look(self.id(), |state| state.follows.clone())
            .await?;
        let follows = |id: &NoticeId| follows.contains(id);
        Ok(self
            .engine()
            .cards(self.opening(), (&lang, style), &follows))
    }

    /// Wants to be told when what a notice is about is fixed.
    ///
    /// # Errors
    /// `NotFound` for one that does not hold.
    pub async fn follow(&self, client_id: ClientId, notice: NoticeId) -> Result<Seq, EngineError> {
        if !self.engine().holds(&notice) {
            return Err(EngineError::NotFound);
        }
        self.act(&client_id.clone(), move |step| {
            let follow = DeskCommand::FollowNotice { client_id, notice };
            match step.decide(Command::Desk(follow)) {
                Err(Refusal::Nothing) => Ok(Seq::ZERO),
                other => other,
            }
        })
        .await
    }

    /// What is told to a visitor who follows a notice, worded.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn told_of_follow(&self, event: &Event) -> Option<String> {
        let Body::NoticeFollowed { .. } = &event.body else {
            return None;
        };
        let (lang, style, _) = self.manner().await.ok()?;
        let live = self.engine().live();
        let reader_lang = self.engine().reader_lang(&self.opening().site, &lang);
        let reader = Reader::new(&live.catalog, &self.opening().site, &reader_lang, style);
        Some(reader.engine("notice_followed", &[]))
    }
}
