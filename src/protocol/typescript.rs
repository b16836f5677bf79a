//! Holds `widget/src/protocol/types.ts` to the types of this room. Run with `UPDATE_TYPES=1` to write it anew.

use ts_rs::{Config, TS};

use super::{ErrorCode, agent, visitor};
use crate::conversation::{
    AbuseLevel, AskedTap, Captions, Exhibit, OfferEnd, PromiseKind, ReleaseCause, Scored, Shown,
    ShownLink, ShownPicture, Told,
};
use crate::desk::SlaClock;
use crate::ids::{
    AgentId, AgentStatus, ClientId, ConversationId, FileId, HandoffReason, InviteId, Lang,
    NoticeId, OpinionKind, Outcome, Priority, QuestionId, Role, Seq, SiteId, SkillId, Stage, Style,
    TeamId, Timestamp, TopicId,
};
use crate::topics::Contact;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/widget/src/protocol/types.ts");

fn types() -> String {
    let config = Config::new();
    let mut file = String::from(
        "// Generated from src/protocol by `UPDATE_TYPES=1 cargo test --lib typescript`. Not to be edited.\n\n",
    );
    macro_rules! add {
        ($($kind:ty as $name:literal),+ $(,)?) => {
            $(
                let body = <$kind as TS>::inline(&config);
                file.push_str(&format!("export type {} = {};\n\n", $name, body));
            )+
        };
    }
    add! {
        Seq as "Seq", Timestamp as "Timestamp", ClientId as "ClientId", ConversationId as "ConversationId", AgentId as "AgentId", FileId as "FileId",
        QuestionId as "QuestionId", TopicId as "TopicId", TeamId as "TeamId", SkillId as "SkillId", SiteId as "SiteId", NoticeId as "NoticeId", InviteId as "InviteId", Lang as "Lang",
        Style as "Style", Stage as "Stage", Outcome as "Outcome", HandoffReason as "HandoffReason", Priority as "Priority",
        OpinionKind as "OpinionKind", Role as "Role", AgentStatus as "AgentStatus", ReleaseCause as "ReleaseCause", OfferEnd as "OfferEnd",
        Told as "Told", PromiseKind as "PromiseKind", AbuseLevel as "AbuseLevel", SlaClock as "SlaClock",
        ErrorCode as "ErrorCode", Contact as "Contact", Scored as "Scored", AskedTap as "AskedTap",
        Captions as "Captions", ShownPicture as "ShownPicture", ShownLink as "ShownLink", Exhibit as "Exhibit", Shown as "Shown",
        visitor::WaitRange as "WaitRange", visitor::SiteCard as "SiteCard", visitor::Greeting as "Greeting",
        visitor::FileCard as "FileCard", visitor::JoinedBy as "JoinedBy", visitor::JoinedLine as "JoinedLine", visitor::QuestionCard as "QuestionCard", visitor::NoticeCard as "NoticeCard", visitor::VisitorEvent as "VisitorEvent", visitor::NumberedEvent as "NumberedEvent",
        visitor::ToServer as "VisitorToServer", visitor::ToClient as "VisitorToClient",
        agent::Person as "Person", agent::PromiseCard as "PromiseCard", agent::DueCard as "DueCard", agent::DeskTeam as "DeskTeam", agent::HandedCard as "HandedCard", agent::DeskItem as "DeskItem",
        agent::DeskPerson as "DeskPerson", agent::DeskView as "DeskView", agent::Merged as "Merged", agent::ProvenBy as "ProvenBy", agent::Related as "Related", agent::ShutOutCard as "ShutOutCard", agent::Card as "Card",
        agent::AgentEventKind as "AgentEventKind", agent::AgentEvent as "AgentEvent",
        agent::ToServer as "AgentToServer", agent::ToClient as "AgentToClient",
    }
    file
}

#[test]
fn the_committed_typescript_types_are_those_of_this_room() {
    let fresh = types();
    if std::env::var_os("UPDATE_TYPES").is_some() {
        let folder = std::path::Path::new(FILE)
            .parent()
            .expect("the file stands in a folder");
        std::fs::create_dir_all(folder).expect("the folder can be made");
        std::fs::write(FILE, &fresh).expect("the file can be written");
    }
    let committed = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(
        committed == fresh,
        "widget/src/protocol/types.ts is out of date: run `UPDATE_TYPES=1 cargo test --lib typescript`"
    );
}
