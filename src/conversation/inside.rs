//! What people said or typed and what stands all the same inside a [`Body`]: the question of an open form, labels and values of buttons, words
//! that a reading rests on. The fold needs them; the store keeps them with the private part, so that erasure takes them too.

use super::event::Body;
use super::memory::{Asking, Form, Memory};
use super::parts::{Choice, Target};
use super::understood::{Reason, Understood};

impl Body {
    /// Takes these texts out, in an order that [`Body::put_texts`] knows; nothing where there is none.
    pub fn take_texts(&mut self) -> Vec<String> {
        let mut texts = Vec::new();
        self.visit(&mut |text| texts.push(std::mem::take(text)));
        if texts.iter().all(String::is_empty) {
            texts.clear();
        }
        texts
    }

    /// Puts them back.
    pub fn put_texts(&mut self, texts: Vec<String>) {
        let mut texts = texts.into_iter();
        self.visit(&mut |text| {
            if let Some(kept) = texts.next() {
                *text = kept;
            }
        });
    }

    fn visit(&mut self, each: &mut dyn FnMut(&mut String)) {
        match self {
            Self::BotAnswered {
                understood,
                choices,
                memory,
                shows,
                ..
            } => {
                understood.iter_mut().for_each(|read| reading(read, each));
                buttons(choices, each);
                remembered(memory, each);
                // Last, so that the texts of older events are still put back where they were.
                shows.iter_mut().for_each(|shown| shown.what.visit(each));
            }
            Self::VisitorChose { target, .. } => leads_to(target, each),
            Self::OpinionAnswered { choices } | Self::Told { choices, .. } => {
                buttons(choices, each)
            }
            Self::CallFailed { why, .. } => each(why),
            // The buttons of a greeting are the company's words, and nothing else is text.
            Self::SessionOpened { .. }
            | Self::Reopened
            | Self::VisitorSaid { .. }
            | Self::StyleSet { .. }
            | Self::Remembered { .. }
            | Self::Forgotten { .. }
            | Self::LangSet { .. }
            | Self::CallStarted { .. }
            | Self::CallReturned { .. }
            | Self::Queued { .. }
            | Self::Claimed { .. }
            | Self::Released { .. }
            | Self::AgentSaid { .. }
            | Self::NoteAdded { .. }
            | Self::Returned { .. }
            | Self::PromiseMade { .. }
            | Self::PromiseKept { .. }
            | Self::PromiseLate { .. }
            | Self::PromiseWarned { .. }
            | Self::PromiseMoved { .. }
            | Self::Offered { .. }
            | Self::OfferEnded { .. }
            | Self::Transferred { .. }
            | Self::Snoozed { .. }
            | Self::Woken { .. }
            | Self::Prioritised { .. }
            | Self::KeptWaiting
            | Self::LeftQueue
            | Self::VisitorSent { .. }
            | Self::AgentSent { .. }
            | Self::Flagged { .. }
            | Self::MailAsked { .. }
            | Self::NoticeFollowed { .. }
            | Self::NoticeHeard { .. }
            | Self::MailFailed { .. }
            | Self::Closed { .. }
            | Self::Rated { .. }
            | Self::RatingMissed { .. }
            | Self::MergeBegun { .. }
            | Self::MergedFrom { .. }
            | Self::MergedInto { .. }
            | Self::UnmergeBegun { .. }
            | Self::UnmergedFrom { .. }
            | Self::Unmerged { .. }
            | Self::UnmergeOff
            | Self::PartBegun => {}
        }
    }
}

impl Memory {
    /// Forgets what can no longer be asked, because its words were erased.
    pub(super) fn forget_blanks(&mut self) {
        let blank = |form: &Form| match &form.asking {
            Asking::Confirm { text } => text.is_empty(),
            Asking::Slot { ask, .. } => ask.is_empty(),
            // The number stands among the slots.
            Asking::Message { .. }
            | Asking::Contact { .. }
            | Asking::Phone { .. }
            | Asking::CallTime { .. }
            | Asking::Appeal
            | Asking::CallConfirm { .. } => false,
        };
        if self.open.as_ref().is_some_and(blank) {
            self.open = None;
        }
        self.suspended.retain(|form| !blank(form));
    }
}

fn remembered(memory: &mut Memory, each: &mut dyn FnMut(&mut String)) {
    for form in memory.open.iter_mut().chain(&mut memory.suspended) {
        match &mut form.asking {
            Asking::Slot { ask, retry, .. } => {
                each(ask);
                each(retry);
            }
            Asking::Confirm { text } => each(text),
            Asking::Message { .. }
            | Asking::Contact { .. }
            | Asking::Phone { .. }
            | Asking::CallTime { .. }
            | Asking::Appeal
            | Asking::CallConfirm { .. } => {}
        }
    }
}

fn reading(read: &mut Understood, each: &mut dyn FnMut(&mut String)) {
    for reason in &mut read.because {
        if let Reason::Classifier { terms, .. } = reason {
            terms.iter_mut().for_each(|(term, _)| each(term));
        }
    }
}

fn buttons(choices: &mut [Choice], each: &mut dyn FnMut(&mut String)) {
    for choice in choices {
        each(&mut choice.title);
        leads_to(&mut choice.target, each);
    }
}

fn leads_to(target: &mut Target, each: &mut dyn FnMut(&mut String)) {
    if let Target::Value { value } = target {
        each(value);
    }
}
