// Generated from src/protocol by `UPDATE_TYPES=1 cargo test --lib typescript`. Not to be edited.

export type Seq = number;

export type Timestamp = number;

export type ClientId = string;

export type ConversationId = string;

export type AgentId = string;

export type FileId = string;

export type QuestionId = string;

export type TopicId = string;

export type TeamId = string;

export type SkillId = string;

export type SiteId = string;

export type NoticeId = string;

export type InviteId = string;

export type Lang = string;

export type Style = "fast" | "warm";

export type Stage = "awareness" | "consideration" | "purchase" | "use" | "loyalty";

export type Outcome = "resolved_by_bot" | "resolved_by_agent" | "unresolved" | "referred" | "abandoned" | "expired" | "left_message";

export type HandoffReason = "customer_request" | "repeated_failure" | "form_failure" | "negative_feedback" | "sensitive_topic" | "intent_rule" | "bot_error" | "agent_takeover";

export type Priority = "low" | "normal" | "high" | "urgent";

export type OpinionKind = "positive" | "neutral" | "negative" | "still_stuck" | "suggestion" | "doubt" | "incident";

export type Role = "agent" | "lead" | "admin";

export type AgentStatus = "online" | "away" | "transfer_only" | "offline";

export type ReleaseCause = "dropped" | "silent" | "put_back";

export type OfferEnd = "declined" | "timed_out" | "gone";

export type Told = "nudge" | "long_wait" | "still_queued" | "news" | "blocked" | "reviewed" | "merged";

export type PromiseKind = "message" | "agent" | "call_back" | "appeal" | "opinion";

export type AbuseLevel = "flagged" | "blocked";

export type SlaClock = "first_response" | "next_response" | "resolution";

export type ErrorCode = "bad_frame" | "empty" | "too_long" | "id_reused" | "closed" | "not_owner" | "not_queued" | "stale" | "no_such_choice" | "no_question" | "note_needed" | "promise_open" | "review_open" | "bad_time" | "blocked" | "no_address" | "bad_address" | "too_many_mails" | "merged" | "not_same" | "other_site" | "too_late" | "not_found" | "forbidden" | "slow_down" | "unavailable" | "internal";

export type Contact = { 
/**
 * As it is dialled: `+34 900 000 000`.
 */
phone?: string | null, 
/**
 * E-mail address.
 */
mail?: string | null, };

export type Scored = { 
/**
 * The topic.
 */
topic: TopicId, 
/**
 * Calibrated confidence, 0 to 1.
 */
confidence: number, };

export type AskedTap = { 
/**
 * Value kept.
 */
value: number, 
/**
 * Kind of opinion.
 */
kind: OpinionKind, 
/**
 * What the button said.
 */
label: string, };

export type Captions = { 
/**
 * Language tag.
 */
lang: string, 
/**
 * Where they are.
 */
src: string, };

export type ShownPicture = { 
/**
 * Where it is.
 */
src: string, 
/**
 * What it tells.
 */
alt: string, 
/**
 * Width to height, as CSS has it: `4/3`.
 */
ratio: string, };

export type ShownLink = { 
/**
 * What it says.
 */
title: string, 
/**
 * Where it leads: `https://`, `mailto:` or `tel:`.
 */
url: string, };

export type Exhibit = { "kind": "picture", 
/**
 * The picture.
 */
picture: ShownPicture, } | { "kind": "card", 
/**
 * Its title.
 */
title: string, 
/**
 * What it says.
 */
text?: string, 
/**
 * Its picture.
 */
picture?: ShownPicture, 
/**
 * Where it leads.
 */
link?: ShownLink, } | { "kind": "link", 
/**
 * The link.
 */
link: ShownLink, } | { "kind": "video", 
/**
 * What it is called.
 */
title: string, 
/**
 * Where it is.
 */
src: string, 
/**
 * The picture before it starts.
 */
poster: string, 
/**
 * Captions; the visitor's language first.
 */
captions: Array<Captions>, 
/**
 * Width to height, as CSS has it: `16/9`.
 */
ratio: string, } | { "kind": "file", 
/**
 * What it is called.
 */
name: string, 
/**
 * Where it is.
 */
src: string, 
/**
 * What kind of file, as people call it: `PDF`.
 */
format: string, 
/**
 * Its size in bytes; 0 where it is not on this server.
 */
bytes: number, } | { "kind": "location", 
/**
 * What is there.
 */
name: string, 
/**
 * Its address.
 */
address: string, 
/**
 * A page with a map of it.
 */
map: string, };

export type Shown = { 
/**
 * How many messages of the turn stand before it.
 */
after: number, 
/**
 * What it is.
 */
what: Exhibit, };

export type WaitRange = { 
/**
 * At least, in minutes.
 */
from_minutes: number, 
/**
 * At most, in minutes.
 */
to_minutes: number, };

export type SiteCard = { 
/**
 * The company.
 */
brand: string, 
/**
 * The assistant's name.
 */
assistant: string, 
/**
 * Phone and mail.
 */
contact: Contact, 
/**
 * Languages offered.
 */
languages: Array<Lang>, 
/**
 * Whether files may be sent.
 */
files: boolean, 
/**
 * Whether mail can be sent: receipts, answers.
 */
mails: boolean, };

export type Greeting = { 
/**
 * Messages.
 */
texts: Array<string>, 
/**
 * Buttons, to be chosen with `of` 0 before the first act.
 */
choices: Array<string>, };

export type FileCard = { 
/**
 * Its id; the client asks the server for an address with it.
 */
id: FileId, 
/**
 * Its media type.
 */
media: string, 
/**
 * Its size.
 */
bytes: number, };

export type JoinedBy = "visitor" | "bot" | "agent" | "note";

export type JoinedLine = { 
/**
 * When, milliseconds since 1970.
 */
at: Timestamp, 
/**
 * Whose it is.
 */
by: JoinedBy, 
/**
 * Their name; empty for a note.
 */
name: string, 
/**
 * What was said; messages of one answer are paragraphs.
 */
text: string, };

export type QuestionCard = { 
/**
 * Its name, for `rate`.
 */
id: QuestionId, 
/**
 * The question.
 */
ask: string, 
/**
 * Its taps.
 */
taps: Array<AskedTap>, 
/**
 * Who reads it and what for.
 */
used_for: string, 
/**
 * Whether a line is offered after the tap; without taps, the line is the answer.
 */
line: boolean, 
/**
 * Put before the visitor, who may say "not now"; else it only stands in the closing card.
 */
put?: boolean, };

export type NoticeCard = { 
/**
 * Its name, for `follow`.
 */
id: NoticeId, 
/**
 * The trouble in a few words.
 */
title: string, 
/**
 * The apology, what happens, what to do meanwhile, when there is more to say: each a paragraph.
 */
texts: Array<string>, 
/**
 * Language of the texts.
 */
lang: Lang, 
/**
 * What the button says that subscribes; none once they have.
 */
follow?: string, 
/**
 * What stands in its place then.
 */
followed?: string, };

export type VisitorEvent = { "kind": "session_opened", 
/**
 * Messages of the greeting.
 */
texts: Array<string>, 
/**
 * Its buttons.
 */
choices: Array<string>, 
/**
 * Language of the texts.
 */
lang: Lang, } | { "kind": "reopened" } | { "kind": "visitor", 
/**
 * The act, so that the client recognises its own.
 */
id: ClientId, 
/**
 * What was said; the label of a tap.
 */
text: string, 
/**
 * Whether it was a tap.
 */
tap: boolean, } | { "kind": "bot", 
/**
 * Messages, in order.
 */
texts: Array<string>, 
/**
 * Buttons under the last.
 */
choices: Array<string>, 
/**
 * Language of the texts.
 */
lang: Lang, 
/**
 * What is shown beside the messages, in order.
 */
shows?: Array<Shown>, } | { "kind": "agent", 
/**
 * Name.
 */
name: string, 
/**
 * What was said.
 */
text: string, } | { "kind": "queued", 
/**
 * The team.
 */
team: string, } | { "kind": "joined", 
/**
 * Name.
 */
name: string, } | { "kind": "left", 
/**
 * Why.
 */
cause: ReleaseCause, } | { "kind": "returned" } | { "kind": "promise", 
/**
 * Case number.
 */
case: string, 
/**
 * Until when; of a call, its hour.
 */
by: Timestamp, 
/**
 * What is owed.
 */
owed: PromiseKind, 
/**
 * All of it as the visitor reads it; an agent's client words it by itself.
 */
told?: string, 
/**
 * What, in the agent's words; nothing for a message that was left, nor, for visitors, of a call and a review.
 */
what?: string, 
/**
 * Address of the receipt on this server, signed, good for seven days: `/v1/cases/…/receipt?token=…`.
 */
receipt?: string, } | { "kind": "mail_asked", 
/**
 * The act, so that a client recognises its own.
 */
id: ClientId, 
/**
 * The case whose receipt it is; none: the conversation.
 */
case?: string, } | { "kind": "followed", 
/**
 * The act, so that a client recognises its own.
 */
id: ClientId, 
/**
 * The notice.
 */
notice: NoticeId, 
/**
 * As the visitor reads it.
 */
told?: string, } | { "kind": "promise_kept", 
/**
 * Case number.
 */
case: string, 
/**
 * As the visitor reads it.
 */
told?: string, } | { "kind": "promise_late", 
/**
 * Case number.
 */
case: string, 
/**
 * As the visitor reads it.
 */
told?: string, } | { "kind": "promise_moved", 
/**
 * Case number.
 */
case: string, 
/**
 * As the visitor reads it.
 */
told?: string, 
/**
 * Until when.
 */
by: Timestamp, } | { "kind": "transferred", 
/**
 * Name of the team.
 */
team: string, } | { "kind": "notice", 
/**
 * What.
 */
what: Told, 
/**
 * What was said in the conversation that goes on here from now on, in order: to be shown before the messages.
 */
joined?: Array<JoinedLine>, 
/**
 * Messages, in order.
 */
texts: Array<string>, 
/**
 * Buttons under the last.
 */
choices: Array<string>, 
/**
 * Language of the texts.
 */
lang: Lang, } | { "kind": "left_queue" } | { "kind": "file", 
/**
 * The act, so that a client recognises its own.
 */
id: ClientId, 
/**
 * Name of the agent who sent it; nothing where the visitor did.
 */
from?: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Where it is kept, its type and size.
 */
file: FileCard, } | { "kind": "closed", 
/**
 * How.
 */
outcome: Outcome, 
/**
 * `visitor`, `agent`, `timer`.
 */
by: string, 
/**
 * The question of the closing card.
 */
question?: QuestionCard, } | { "kind": "rated", 
/**
 * The act.
 */
id: ClientId, 
/**
 * Which tap, 0-based.
 */
tap?: number, 
/**
 * Value of the tap.
 */
value?: number, 
/**
 * The line.
 */
text?: string, } | { "kind": "opinion", 
/**
 * What is said.
 */
text: string, 
/**
 * Buttons under it.
 */
choices: Array<string>, } | { "kind": "rating_missed" } | { "kind": "style", 
/**
 * To this.
 */
style: Style, } | { "kind": "lang", 
/**
 * To this.
 */
lang: Lang, } | { "kind": "hidden" } | { "kind": "erased" };

export type NumberedEvent = { 
/**
 * Its number.
 */
seq: Seq, 
/**
 * When, milliseconds since 1970.
 */
at: Timestamp, 
/**
 * What.
 */
event: VisitorEvent, };

export type VisitorToServer = { "type": "hello", 
/**
 * The token of the last `welcome`.
 */
token?: string, 
/**
 * The store's epoch as last told.
 */
epoch?: string, 
/**
 * Last event that the client has.
 */
after?: Seq, 
/**
 * Language wished: `es`, `es-AR`, `en`.
 */
lang?: Lang, 
/**
 * Style wished.
 */
style?: Style, 
/**
 * Path of the page, without query.
 */
page?: string, 
/**
 * Stage that the page declares.
 */
stage?: Stage, 
/**
 * Touchpoint that the page declares.
 */
touchpoint?: string, 
/**
 * IANA time zone of the device.
 */
time_zone?: string, 
/**
 * The proactive message with which the panel was opened: the first thing said, should a session begin.
 */
invite?: InviteId, } | { "type": "say", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Up to 4,000 characters.
 */
text: string, } | { "type": "choose", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * The event whose buttons these are.
 */
of: Seq, 
/**
 * Which, 0-based.
 */
option: number, } | { "type": "rate", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * The question.
 */
question: QuestionId, 
/**
 * Which tap, 0-based.
 */
tap?: number, 
/**
 * The optional line.
 */
text?: string, } | { "type": "skip_rating", 
/**
 * Id of the act.
 */
id: ClientId, } | { "type": "ask_person", 
/**
 * Id of the act.
 */
id: ClientId, } | { "type": "leave_message", 
/**
 * Id of the act.
 */
id: ClientId, } | { "type": "older", 
/**
 * The oldest event that the client has.
 */
before: Seq, } | { "type": "end", 
/**
 * Id of the act.
 */
id: ClientId, } | { "type": "set", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Style wanted.
 */
style?: Style, 
/**
 * Language wanted.
 */
lang?: Lang, } | { "type": "mail", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * The case whose receipt it is; none: the conversation.
 */
case?: string, 
/**
 * The address, which is left in the conversation with this.
 */
to?: string, } | { "type": "follow", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * The notice.
 */
notice: NoticeId, } | { "type": "typing" };

export type VisitorToClient = { "type": "welcome", 
/**
 * The conversation; known to the store from the visitor's first act.
 */
conversation: ConversationId, 
/**
 * Shows that the conversation is this visitor's: kept by the client, sent with the next `hello`.
 */
token: string, 
/**
 * Identity of the store's history.
 */
epoch: string, 
/**
 * Last event so far.
 */
seq: Seq, 
/**
 * Whether the client gets exactly what it missed.
 */
recovered: boolean, 
/**
 * Language in force.
 */
lang: Lang, 
/**
 * Style in force.
 */
style: Style, 
/**
 * Who speaks, and how to reach the company otherwise.
 */
site: SiteCard, 
/**
 * Shown while no session is open; the same words come with `session_opened`.
 */
greeting: Greeting, 
/**
 * Whether a person could take over now.
 */
people: boolean, } | { "type": "ack", 
/**
 * The act.
 */
id: ClientId, 
/**
 * Its event.
 */
seq: Seq, } | { "type": "error", 
/**
 * The act, where it was one.
 */
id?: ClientId, 
/**
 * Why.
 */
code: ErrorCode, 
/**
 * Whether the same act may be sent again.
 */
retry: boolean, } | { "type": "event", 
/**
 * Its number.
 */
seq: Seq, 
/**
 * When, milliseconds since 1970.
 */
at: Timestamp, 
/**
 * What.
 */
event: VisitorEvent, } | { "type": "older", 
/**
 * The events.
 */
events: Array<NumberedEvent>, 
/**
 * Whether there are older ones still.
 */
older: boolean, } | { "type": "queue", 
/**
 * 1 is next.
 */
position: number, 
/**
 * Expected wait.
 */
wait?: WaitRange, } | { "type": "notices", 
/**
 * The notices, the one that was posted last first.
 */
notices: Array<NoticeCard>, } | { "type": "typing", 
/**
 * Whether it is an agent.
 */
agent: boolean, };

export type Person = { 
/**
 * Id.
 */
id: AgentId, 
/**
 * Name as visitors see it.
 */
name: string, 
/**
 * E-mail, the login.
 */
email: string, 
/**
 * What they may do.
 */
role: Role, 
/**
 * Teams.
 */
teams: Array<TeamId>, 
/**
 * Language of the console: `es` or `en`.
 */
lang: Lang, 
/**
 * Skills.
 */
skills?: Array<SkillId>, 
/**
 * Languages in which they answer, without region; none: every language.
 */
languages?: Array<Lang>, 
/**
 * Most active conversations at a time; without it as many as everybody.
 */
capacity?: number, };

export type PromiseCard = { 
/**
 * Case number.
 */
case: string, 
/**
 * Until when.
 */
by: Timestamp, 
/**
 * Whether that time has passed.
 */
late: boolean, 
/**
 * What kind.
 */
kind: PromiseKind, 
/**
 * What, in the words of whoever promised.
 */
what?: string, };

export type DueCard = { 
/**
 * Which.
 */
clock: SlaClock, 
/**
 * When; past: missed.
 */
at: Timestamp, };

export type DeskTeam = { 
/**
 * Which.
 */
id: TeamId, 
/**
 * Name.
 */
name: string, 
/**
 * How many wait.
 */
waiting: number, 
/**
 * Reasons to choose from at a close: code and title.
 */
wrap_up: Array<[string, string]>, };

export type HandedCard = { 
/**
 * By whom.
 */
name: string, 
/**
 * What the next one should know, at most 300 characters of it.
 */
note?: string, };

export type DeskItem = { 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * Its last event.
 */
seq: Seq, 
/**
 * Place in its team's queue; 0 when it does not wait.
 */
position: number, 
/**
 * Waiting since; kept when an agent was dropped.
 */
since: Timestamp, 
/**
 * Why a person is wanted.
 */
reason: HandoffReason, 
/**
 * Team asked.
 */
team: TeamId, 
/**
 * Its name, in the agent's language.
 */
team_name: string, 
/**
 * Place before age.
 */
priority: Priority, 
/**
 * Names of the skills wished, in the agent's language.
 */
skills?: Array<string>, 
/**
 * An agent had it already.
 */
returned: boolean, 
/**
 * Site.
 */
site: SiteId, 
/**
 * Language.
 */
lang: Lang, 
/**
 * Style.
 */
style: Style, 
/**
 * The last thing the visitor wrote, at most 120 characters.
 */
excerpt: string, 
/**
 * Who has it.
 */
agent?: AgentId, 
/**
 * Name of who has it.
 */
agent_name?: string, 
/**
 * When the visitor wrote what is not answered yet.
 */
unanswered_since?: Timestamp, 
/**
 * What is owed next: case number and until when.
 */
promise?: PromiseCard, 
/**
 * Until when the offer to `agent` stands, where it is only offered.
 */
offered_until?: Timestamp, 
/**
 * Until when the agent has put it aside.
 */
snoozed_until?: Timestamp, 
/**
 * The answer that is due next by the team's targets.
 */
due?: DueCard, 
/**
 * The topic last understood: chats of one cause have the same.
 */
topic?: TopicId, 
/**
 * Who handed it over, while nobody has taken it.
 */
handed?: HandedCard, };

export type DeskPerson = { 
/**
 * Id.
 */
id: AgentId, 
/**
 * Name.
 */
name: string, 
/**
 * Chosen status.
 */
status: AgentStatus, 
/**
 * A live connection.
 */
present: boolean, 
/**
 * Conversations in hand, also quiet ones and those put aside.
 */
load: number, 
/**
 * Active conversations and offers: what counts against the capacity.
 */
busy: number, 
/**
 * Most active conversations at a time.
 */
capacity: number, 
/**
 * Let too many offers in a row run out: gets no more until they choose a status again.
 */
paused: boolean, 
/**
 * Teams; none: every team.
 */
teams: Array<TeamId>, };

export type DeskView = { 
/**
 * Who waits, in the order in which they are to be taken.
 */
waiting: Array<DeskItem>, 
/**
 * Messages that were left and are owed an answer, soonest first.
 */
messages: Array<DeskItem>, 
/**
 * What agents have.
 */
assigned: Array<DeskItem>, 
/**
 * Who is on.
 */
people: Array<DeskPerson>, 
/**
 * The teams, by name.
 */
teams: Array<DeskTeam>, 
/**
 * Visitors who are owed something that nothing watches. It is 0, or something is broken.
 */
orphans: number, 
/**
 * The longest expected wait of those who wait.
 */
wait?: WaitRange, };

export type Merged = "here" | "there";

export type ProvenBy = "reference" | "phone" | "mail";

export type Related = { 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * Its last event.
 */
seq: Seq, 
/**
 * When the visitor last did something there.
 */
at: Timestamp, 
/**
 * What they wanted: the topic last understood, or their own words.
 */
about: string, 
/**
 * Who must act there: `bot`, `queued`, `offered`, `assigned`, `snoozed`, `closed`.
 */
state: string, 
/**
 * Name of the agent who has it.
 */
agent_name?: string, 
/**
 * Whether it may be merged into this one now.
 */
mergeable: boolean, 
/**
 * Whether it goes on here, or this one goes on there.
 */
merged?: Merged, 
/**
 * Until when that can be undone.
 */
undo_until?: Timestamp, 
/**
 * What was proven in the running sessions of both. A reference alone can be read on a parcel: it does not make them one person's.
 */
proven: Array<ProvenBy>, };

export type ShutOutCard = { 
/**
 * Who decided it.
 */
name: string, 
/**
 * When.
 */
at: Timestamp, 
/**
 * Why; empty after erasure.
 */
reason: string, };

export type Card = { 
/**
 * What they want: the title of the topic last understood, or their own last words.
 */
wants: string, 
/**
 * That topic.
 */
topic?: TopicId, 
/**
 * Whether that topic has an answer of its own that can be sent.
 */
own_answer?: boolean, 
/**
 * Topics that the bot answered, by title.
 */
tried: Array<string>, 
/**
 * Data given: name and value.
 */
data: Array<[string, string]>, 
/**
 * Checks that were passed: `order_match`.
 */
verified: Array<string>, 
/**
 * Why a person is wanted.
 */
reason?: HandoffReason, 
/**
 * Stage of the journey.
 */
stage?: Stage, 
/**
 * Touchpoint, as people of the company call it.
 */
touchpoint?: string, 
/**
 * Page.
 */
page?: string, 
/**
 * Site.
 */
site: SiteId, 
/**
 * `web`, `rest`, `terminal`.
 */
channel: string, 
/**
 * Language.
 */
lang: Lang, 
/**
 * Style.
 */
style: Style, 
/**
 * Whether they sounded angry.
 */
angry: boolean, 
/**
 * Failures in a row before the handoff.
 */
failures: number, 
/**
 * What is owed, in the order in which it was promised.
 */
promises: Array<PromiseCard>, 
/**
 * Until when the agent has put it aside.
 */
snoozed_until?: Timestamp, 
/**
 * How far the visitor is shut out for abuse.
 */
abuse?: AbuseLevel, 
/**
 * Who decided that, when and why.
 */
shut_out?: ShutOutCard, 
/**
 * How to reach them outside the chat, where they said so.
 */
contact?: string, 
/**
 * Why mail to them did not arrive last time, as an enhanced status code: `5.1.1`.
 */
mail_failed?: string, 
/**
 * Other conversations of the same person, as far as that is proven, the latest first.
 */
related?: Array<Related>, 
/**
 * What people call the values of `data`, by name, where the topic files say it.
 */
called?: { [key in string]: string }, 
/**
 * Who must act: `bot`, `queued`, `offered`, `assigned`, `snoozed`, `closed`.
 */
state: string, 
/**
 * Name of the agent who has it.
 */
agent_name?: string, 
/**
 * Id of the agent who has it.
 */
agent?: AgentId, };

export type AgentEventKind = { "kind": "seen", 
/**
 * What they see.
 */
event: VisitorEvent, } | { "kind": "bot", 
/**
 * Messages.
 */
texts: Array<string>, 
/**
 * Buttons.
 */
choices: Array<string>, 
/**
 * Language.
 */
lang: Lang, 
/**
 * What is shown beside the messages, in order.
 */
shows?: Array<Shown>, 
/**
 * Topic of the answer.
 */
topic?: TopicId, 
/**
 * Nearest topics of the last reading.
 */
nearest: Array<Scored>, 
/**
 * `match`, `ambiguous`, `out_of_scope`; empty when the bot spoke by itself.
 */
verdict: string, } | { "kind": "agent", 
/**
 * The act.
 */
id: ClientId, 
/**
 * Who.
 */
agent: AgentId, 
/**
 * Name.
 */
name: string, 
/**
 * What was said.
 */
text: string, } | { "kind": "note", 
/**
 * The act.
 */
id: ClientId, 
/**
 * Name.
 */
name: string, 
/**
 * What was noted.
 */
text: string, } | { "kind": "queued", 
/**
 * Why.
 */
reason: HandoffReason, 
/**
 * Team asked.
 */
team: TeamId, 
/**
 * Place before age.
 */
priority: Priority, } | { "kind": "offered", 
/**
 * Name.
 */
name: string, 
/**
 * Until when.
 */
until: Timestamp, } | { "kind": "offer_ended", 
/**
 * Why.
 */
cause: OfferEnd, } | { "kind": "transferred", 
/**
 * By whom.
 */
name: string, 
/**
 * Name of the team.
 */
team: string, 
/**
 * Name of the colleague who is asked.
 */
colleague?: string, 
/**
 * What the next one should know.
 */
note?: string, } | { "kind": "snoozed", 
/**
 * Until when.
 */
until: Timestamp, } | { "kind": "woken" } | { "kind": "prioritised", 
/**
 * To this.
 */
priority: Priority, } | { "kind": "promise_warned", 
/**
 * Case number.
 */
case: string, } | { "kind": "flagged", 
/**
 * By whom.
 */
name: string, 
/**
 * The level; none: lifted.
 */
level?: AbuseLevel, 
/**
 * Why.
 */
reason: string, } | { "kind": "mail_failed", 
/**
 * The address, shortened: `a…@example.org`; nothing after erasure.
 */
to: string, 
/**
 * Why, as an enhanced status code: `5.1.1`.
 */
status: string, } | { "kind": "merged_from", 
/**
 * The other one.
 */
from: ConversationId, 
/**
 * Who did it.
 */
name: string, } | { "kind": "merged_into", 
/**
 * The other one.
 */
into: ConversationId, 
/**
 * Who did it.
 */
name: string, } | { "kind": "unmerged", 
/**
 * The other one.
 */
other: ConversationId, } | { "kind": "call", 
/**
 * Its name.
 */
call: string, } | { "kind": "call_returned", 
/**
 * Case of the answer.
 */
case: string, } | { "kind": "call_failed", 
/**
 * Why.
 */
why: string, } | { "kind": "closed", 
/**
 * How.
 */
outcome: Outcome, 
/**
 * `visitor`, `agent`, `timer`.
 */
by: string, 
/**
 * The question that was asked.
 */
question?: QuestionCard, 
/**
 * Why this one or none, as a code.
 */
because: 'no_visitor_turn' | 'sensitive_topic' | 'no_question_fits' | 'failed' | 'default' | `topic:${string}` | `touchpoint:${string}` | `outcome:${string}` | `stage:${string}` | `apology:${string}`, 
/**
 * Why it was put before the visitor, or only left in the closing card, as a code with a colon and a number where there is one.
 */
put_because?: string, 
/**
 * The reason that the agent gave.
 */
wrap_up?: string, } | { "kind": "rated", 
/**
 * Value of the tap.
 */
value?: number, 
/**
 * Kind of opinion.
 */
opinion?: OpinionKind, 
/**
 * The line.
 */
text?: string, };

export type AgentEvent = { 
/**
 * Its number.
 */
seq: Seq, 
/**
 * When.
 */
at: Timestamp, 
/**
 * What: as the visitor sees it, or what only we see.
 */
event: AgentEventKind, };

export type AgentToServer = { "type": "watch", 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * Last event that the console has.
 */
after?: Seq, } | { "type": "older", 
/**
 * Which conversation.
 */
conversation: ConversationId, 
/**
 * The oldest event that the console has.
 */
before: Seq, } | { "type": "unwatch", 
/**
 * Which.
 */
conversation: ConversationId, } | { "type": "claim", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * Last event seen.
 */
seen: Seq, } | { "type": "reply", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which conversation.
 */
conversation: ConversationId, 
/**
 * Up to 4,000 characters.
 */
text: string, 
/**
 * Last event seen: what the visitor wrote behind it stays unanswered. Without it everything is answered.
 */
seen?: Seq, } | { "type": "note", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which conversation.
 */
conversation: ConversationId, 
/**
 * Up to 4,000 characters.
 */
text: string, } | { "type": "return", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, } | { "type": "put_back", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, } | { "type": "close", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * How it ended: `resolved_by_agent`, `unresolved` or `referred`.
 */
outcome: Outcome, 
/**
 * Last event seen: refused as `stale` where the visitor wrote since.
 */
seen: Seq, 
/**
 * The reason, as a code of the team's `wrap_up`.
 */
wrap_up?: string, } | { "type": "decline", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, } | { "type": "transfer", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * Team.
 */
team: TeamId, 
/**
 * Colleague, who must be there.
 */
colleague?: AgentId, 
/**
 * What the next one should know; needed of whoever has it, not of a lead who moves somebody else's.
 */
note?: string, } | { "type": "snooze", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * Until when, at most half a year from now.
 */
until: Timestamp, } | { "type": "wake", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, } | { "type": "prioritise", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * To this.
 */
priority: Priority, } | { "type": "promise", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * What, as the visitor reads it.
 */
what: string, 
/**
 * Until when, at most half a year from now.
 */
by: Timestamp, } | { "type": "keep_promise", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * Case number.
 */
case: string, } | { "type": "move_promise", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * Case number.
 */
case: string, 
/**
 * Until when.
 */
by: Timestamp, } | { "type": "flag", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * The level; none: lifted.
 */
level?: AbuseLevel, 
/**
 * Why.
 */
reason: string, } | { "type": "merge", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * The one in which it goes on.
 */
into: ConversationId, 
/**
 * Last event seen of `conversation`: refused as `stale` where the visitor wrote there since.
 */
seen: Seq, } | { "type": "unmerge", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * Which: the one that goes on in another.
 */
conversation: ConversationId, } | { "type": "status", 
/**
 * Id of the act.
 */
id: ClientId, 
/**
 * To this.
 */
status: AgentStatus, } | { "type": "typing", 
/**
 * Where.
 */
conversation: ConversationId, };

export type AgentToClient = { "type": "welcome", 
/**
 * Who is signed in.
 */
me: Person, 
/**
 * One's own status.
 */
status: AgentStatus, 
/**
 * Identity of the store's history.
 */
epoch: string, 
/**
 * Who waits and who is on.
 */
desk: DeskView, } | { "type": "desk", 
/**
 * The whole picture.
 */
desk: DeskView, } | { "type": "page", 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * Its last event.
 */
seq: Seq, 
/**
 * The card.
 */
card: Card, 
/**
 * The last events, in order.
 */
events: Array<AgentEvent>, 
/**
 * Whether there are older ones.
 */
older: boolean, } | { "type": "older", 
/**
 * Which conversation.
 */
conversation: ConversationId, 
/**
 * The events.
 */
events: Array<AgentEvent>, 
/**
 * Whether there are older ones still.
 */
older: boolean, } | { "type": "event", 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * What.
 */
event: AgentEvent, } | { "type": "card", 
/**
 * Which.
 */
conversation: ConversationId, 
/**
 * The card.
 */
card: Card, } | { "type": "ack", 
/**
 * The act.
 */
id: ClientId, 
/**
 * Its event; 0 where it made none.
 */
seq: Seq, } | { "type": "error", 
/**
 * The act, where it was one.
 */
id?: ClientId, 
/**
 * Why.
 */
code: ErrorCode, 
/**
 * Whether the same act may be sent again.
 */
retry: boolean, } | { "type": "mentioned", 
/**
 * Where.
 */
conversation: ConversationId, 
/**
 * Who wrote it.
 */
name: string, } | { "type": "typing", 
/**
 * Where.
 */
conversation: ConversationId, 
/**
 * The colleague; nobody when it is the visitor.
 */
name?: string, };

