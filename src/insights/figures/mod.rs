//! The company's numbers, folded from the events of all conversations: how many sessions were solved and how many only ended, how long people waited,
//! where it hurts, what became of promises. A session is a row, a row has marks, a day has tallies of marks: an answer adds up days and never looks at a
//! session, and whoever asks for the sessions behind a number gets those that have its mark. It holds no words, so that an erasure changes nothing here.

mod answer;
mod behind;
mod cells;
mod count;
mod fold;
mod intervals;
mod mark;
mod row;
mod verdict;

pub use answer::{
    Asked, Cell, FormFigures, HourFigures, QuestionFigures, Report, StepFigures, TeamFigures,
    TopicFigures, TrendPoint, day_of,
};
pub use behind::{Behind, CaseFigures, Number, OfForm, OfQuestion};
pub use cells::{Promises, Tally};
pub use count::Became;
pub use fold::{Due, DueOf, Figures, Settings};
pub use intervals::{FEW, Hist, Middle, Share, wilson};
pub use mark::Mark;
pub use row::CONFIRMATION;
pub use verdict::{Verdict, Why};
