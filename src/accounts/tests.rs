#![allow(clippy::unwrap_used, reason = "a failed test should panic")]

use std::sync::Arc;

use super::*;
use crate::ids::{AgentId, AgentStatus, ConversationId, Follows, Lang, Role, Seq, Timestamp};
use crate::ports::{Space, Store};
use crate::store::MemStore;

fn ana() -> NewAccount {
    NewAccount {
        name: "Ana".into(),
        email: "Ana@Example.org".into(),
        role: Role::Agent,
        teams: vec![],
        lang: Lang::es(),
        work: Work::default(),
    }
}

fn people() -> (People, Logins) {
    let store = Arc::new(MemStore::default());
    (People::new(store.clone()), Logins::new(store))
}

const ID: AgentId = AgentId::from_bytes([7; 16]);
const NOW: Timestamp = Timestamp(1_000_000);

#[tokio::test]
async fn the_first_link_makes_an_admin_and_works_once() {
    let (people, logins) = people();
    people.make_link(None, "first", NOW).await.unwrap();
    assert!(matches!(
        people.use_link("first", ID, ana(), "corta", NOW).await,
        Err(AccountError::Password)
    ));
    let account = people
        .use_link("first", ID, ana(), "una frase larga", NOW)
        .await
        .unwrap();
    assert_eq!(
        (account.role, account.email.as_str()),
        (Role::Admin, "ana@example.org")
    );
    assert!(matches!(
        people
            .use_link("first", ID, ana(), "una frase larga", NOW)
            .await,
        Err(AccountError::Link)
    ));
    people.make_link(None, "second", NOW).await.unwrap();
    assert!(
        matches!(
            people
                .use_link("second", ID, ana(), "una frase larga", NOW)
                .await,
            Err(AccountError::Link)
        ),
        "a link for the first admin is worth nothing once there is one"
    );
    let login = logins
        .sign_in(
            "ANA@example.org",
            "una frase larga",
            "::1",
            ("t", "c".into()),
            NOW,
        )
        .await
        .unwrap();
    assert_eq!(login.account.name, "Ana");
}

#[tokio::test]
async fn a_login_ends_with_its_time_its_sign_out_and_its_account() {
    let (people, logins) = people();
    people.add(ID, ana()).await.unwrap();
    let account = people
        .set_password("ana@example.org", "una frase larga")
        .await
        .unwrap();
    logins
        .open(account.clone(), "cookie", "csrf".into(), NOW)
        .await
        .unwrap();
    assert!(logins.find("cookie", NOW).await.unwrap().is_some());
    assert!(logins.find("cooky", NOW).await.unwrap().is_none());
    assert!(
        logins
            .find("cookie", NOW.plus(12 * 60 * 60_000 + 1))
            .await
            .unwrap()
            .is_none()
    );
    people
        .change("ana@example.org", |account| account.disabled = true)
        .await
        .unwrap();
    assert!(logins.find("cookie", NOW).await.unwrap().is_none());
    people
        .change("ana@example.org", |account| account.disabled = false)
        .await
        .unwrap();
    logins.sign_out("cookie").await.unwrap();
    assert!(logins.find("cookie", NOW).await.unwrap().is_none());
}

#[tokio::test]
async fn an_account_of_before_there_were_skills_has_the_usual_and_can_be_given_more() {
    let store = Arc::new(MemStore::default());
    let old = serde_json::json!({
        "id": ID, "name": "Ana", "email": "ana@example.org", "role": "agent", "teams": ["default"],
        "lang": "es", "status": "away", "password": "$argon2id$", "passwords": 2,
    });
    store
        .put_if(Space::Agents, "ana@example.org", 0, Some(old))
        .await
        .unwrap();
    let people = People::new(store.clone());
    let (_, ana) = people.find("ana@example.org").await.unwrap().unwrap();
    assert_eq!(ana.work, Work::default());
    let change = Change {
        skills: Some(vec!["returns".parse().unwrap()]),
        languages: Some(vec!["es-AR".parse().unwrap(), Lang::es()]),
        capacity: Some(3),
        ..Change::default()
    };
    people.set("ana@example.org", &change).await.unwrap();
    let (_, ana) = people.find("ana@example.org").await.unwrap().unwrap();
    assert_eq!(ana.work.languages, [Lang::es()]);
    assert_eq!((ana.work.skills.len(), ana.work.capacity), (1, Some(3)));
    assert_eq!((ana.passwords(), ana.status), (2, AgentStatus::Away));
    assert_eq!(ana.teams.len(), 1, "what is not named stays");
    for capacity in [0, 101] {
        let change = Change {
            capacity: Some(capacity),
            ..Change::default()
        };
        assert!(matches!(
            people.set("ana@example.org", &change).await,
            Err(AccountError::Capacity)
        ));
    }
}

#[tokio::test]
async fn guessing_passwords_has_to_wait() {
    let (people, logins) = people();
    people.add(ID, ana()).await.unwrap();
    people
        .set_password("ana@example.org", "una frase larga")
        .await
        .unwrap();
    for _ in 0..8 {
        let wrong = logins
            .sign_in(
                "ana@example.org",
                "otra frase",
                "10.0.0.1",
                ("t", "c".into()),
                NOW,
            )
            .await;
        assert!(matches!(wrong, Err(LoginError::Wrong)));
    }
    let right = logins
        .sign_in(
            "ana@example.org",
            "una frase larga",
            "10.0.0.2",
            ("t", "c".into()),
            NOW,
        )
        .await;
    assert!(matches!(right, Err(LoginError::TooMany)));
    let later = NOW.plus(10 * 60_000);
    assert!(
        logins
            .sign_in(
                "ana@example.org",
                "una frase larga",
                "10.0.0.2",
                ("t", "c".into()),
                later
            )
            .await
            .is_ok()
    );
}

#[test]
fn a_visitors_token_is_good_for_one_conversation_on_one_site() {
    let tokens = VisitorTokens::new([1; 32]);
    let conversation = ConversationId::from_bytes([9; 16]);
    let token = tokens.issue(VisitorPass::own(conversation), "es");
    let own = VisitorPass::own(conversation);
    assert_eq!(tokens.open(&token, "es"), Some(own));
    for follows in [Follows::Never, Follows::Merge(Seq(7))] {
        let mailed = VisitorPass { follows, ..own };
        let by_mail = tokens.issue(mailed, "es");
        assert_eq!(tokens.open(&by_mail, "es"), Some(mailed));
    }
    assert_eq!(tokens.open(&token, "ar"), None);
    assert_eq!(VisitorTokens::new([2; 32]).open(&token, "es"), None);
    let mut forged = token.into_bytes();
    forged[0] = if forged[0] == b'A' { b'B' } else { b'A' };
    assert_eq!(tokens.open(&String::from_utf8(forged).unwrap(), "es"), None);
}

#[tokio::test]
async fn the_last_admin_cannot_be_barred() {
    let (people, _) = people();
    let admin = NewAccount {
        role: Role::Admin,
        ..ana()
    };
    let id = AgentId::from_bytes([1; 16]);
    people.add(id, admin).await.unwrap();
    let barred = people.bar("ana@example.org", true).await;
    assert!(matches!(barred, Err(AccountError::LastAdmin)), "{barred:?}");
    let eva = NewAccount {
        email: "eva@example.org".into(),
        role: Role::Admin,
        ..ana()
    };
    people.add(AgentId::from_bytes([2; 16]), eva).await.unwrap();
    assert!(people.bar("ana@example.org", true).await.unwrap().disabled);
    assert!(!people.bar("ana@example.org", false).await.unwrap().disabled);
}
