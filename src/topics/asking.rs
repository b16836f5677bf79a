//! Whom the question at the end is put to, and how often: the rules of `feedback.yaml`, with every default in this one place.

/// Rules for putting a question before somebody. Who is not asked still finds it in the closing card, small and without a reminder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskRules {
    /// Days of rest after an answer.
    pub rest_after_answer_days: u32,
    /// Days of rest after "not now".
    pub rest_after_no_days: u32,
    /// Most questions that are put to one person in [`AskRules::most_in_days`].
    pub most: u32,
    /// The days in which [`AskRules::most`] counts.
    pub most_in_days: u32,
    /// Of a hundred sessions that the bot solved, so many are asked. Those of people and those that nobody solved are all asked.
    pub by_bot_percent: u32,
    /// The same where this week has [`AskRules::busy_answers`] about the touchpoint already.
    pub busy_percent: u32,
    /// Answers about one touchpoint in a week that are enough to ask less.
    pub busy_answers: u32,
    /// Until a touchpoint has so many answers in a week, everybody there is asked: few people are heard as well as many.
    pub few_answers: u32,
    /// Least turns of the visitor in a session that is asked about; or else its seconds.
    pub least_turns: u32,
    /// Least seconds of a session that is asked about; or else its turns.
    pub least_seconds: u32,
}

impl Default for AskRules {
    fn default() -> Self {
        Self {
            rest_after_answer_days: 14,
            rest_after_no_days: 30,
            most: 3,
            most_in_days: 90,
            by_bot_percent: 30,
            busy_percent: 5,
            busy_answers: 50,
            few_answers: 5,
            least_turns: 2,
            least_seconds: 20,
        }
    }
}
