//! Links by which a visitor comes back from a mail: to their conversation, or to the state of a case. Good once, for seven days; stored under
//! their digest. Mail scanners follow links, so looking at one changes nothing: only taking it does.
//!
//! A link is derived from what it is for, so that a mail that is tried again carries the same one.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use super::digest;
use crate::ids::{ConversationId, Seq, SiteId, Timestamp};
use crate::ports::{Space, Store, StoreError};

/// A link is good for this long.
pub const VISITOR_LINK_MS: i64 = 7 * 24 * 60 * 60_000;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "to", rename_all = "snake_case")]
pub enum LinkTo {
    /// The conversation.
    Thread,
    /// The state of a case.
    Case {
        /// Its number.
        case: String,
    },
}

/// What a link opens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitorLink {
    /// The conversation.
    pub conversation: ConversationId,
    /// Its site.
    pub site: SiteId,
    /// Where it leads.
    pub goal: LinkTo,
    /// The merge of that conversation with which it leads on, where the mail was sent because of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge: Option<Seq>,
    /// Until when it is good.
    pub expires: Timestamp,
}

/// The links in the store.
#[derive(Clone)]
pub struct VisitorLinks {
    store: Arc<dyn Store>,
    secret: [u8; 32],
}

/// Apart from the links of accounts: none of these may ever be taken for one.
fn key(token: &str) -> String {
    format!("visitor/{}", digest(token))
}

impl VisitorLinks {
    /// Links under a secret of this server.
    pub fn new(store: Arc<dyn Store>, secret: [u8; 32]) -> Self {
        Self { store, secret }
    }

    fn mac(&self, purpose: &str) -> Hmac<Sha256> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(&self.secret).expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        mac.update(b"\0");
        mac
    }

    /// Makes the link that a mail carries, `mail` being the conversation and the event after which the mail is named. The same again gives the same
    /// link.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn make(
        &self,
        link: &VisitorLink,
        mail: (ConversationId, Seq),
    ) -> Result<String, StoreError> {
        let (purpose, case) = match &link.goal {
            LinkTo::Thread => ("thread link", ""),
            LinkTo::Case { case } => ("case link", case.as_str()),
        };
        let mut mac = self.mac(purpose);
        let (conversation, seq) = mail;
        mac.update(conversation.as_bytes());
        mac.update(&seq.0.to_be_bytes());
        mac.update(case.as_bytes());
        let token = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        let value =
            serde_json::to_value(link).map_err(|why| StoreError::Invalid(why.to_string()))?;
        match self
            .store
            .put_if(Space::Links, &key(&token), 0, Some(value))
            .await
        {
            Ok(_) | Err(StoreError::Conflict { .. }) => Ok(token),
            Err(other) => Err(other),
        }
    }

    async fn find(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<(u64, VisitorLink)>, StoreError> {
        let record = self.store.get(Space::Links, &key(token)).await?;
        Ok(record.and_then(|record| {
            let link: VisitorLink = serde_json::from_value(record.value).ok()?;
            (link.expires >= now).then_some((record.version, link))
        }))
    }

    /// What a link opens, as long as it is good. It stays good.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn look(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<VisitorLink>, StoreError> {
        Ok(self.find(token, now).await?.map(|(_, link)| link))
    }

    /// Uses a link up: of two who take it at once one gets it.
    ///
    /// # Errors
    /// When the store does not take it.
    pub async fn take(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<VisitorLink>, StoreError> {
        let Some((version, link)) = self.find(token, now).await? else {
            return Ok(None);
        };
        match self
            .store
            .put_if(Space::Links, &key(token), version, None)
            .await
        {
            Ok(_) => Ok(Some(link)),
            Err(StoreError::Conflict { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    fn receipt_mac(
        &self,
        conversation: ConversationId,
        case: &str,
        expires: Timestamp,
    ) -> Hmac<Sha256> {
        let mut mac = self.mac("receipt");
        mac.update(conversation.as_bytes());
        mac.update(&expires.0.to_be_bytes());
        mac.update(case.as_bytes());
        mac
    }

    /// The token with which the receipt of a case can be fetched for seven days. Signed, not stored.
    pub fn receipt(&self, conversation: ConversationId, case: &str, now: Timestamp) -> String {
        let expires = now.plus(VISITOR_LINK_MS);
        let mut bytes = conversation.as_bytes().to_vec();
        bytes.extend_from_slice(&expires.0.to_be_bytes());
        bytes.extend_from_slice(
            &self
                .receipt_mac(conversation, case, expires)
                .finalize()
                .into_bytes(),
        );
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The conversation of a receipt's token, where it is genuine, of this case and still good. Compared in constant time.
    pub fn open_receipt(&self, token: &str, case: &str, now: Timestamp) -> Option<ConversationId> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (id, rest) = bytes.split_first_chunk::<16>()?;
        let (expires, tag) = rest.split_first_chunk::<8>()?;
        let conversation = ConversationId::from_bytes(*id);
        let expires = Timestamp(i64::from_be_bytes(*expires));
        let mac = self.receipt_mac(conversation, case, expires);
        mac.verify_slice(tag).ok()?;
        (now <= expires).then_some(conversation)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;
    use crate::accounts::{AccountError, NewAccount, People};
    use crate::ids::{AgentId, Lang, Role};
    use crate::store::MemStore;

    const NOW: Timestamp = Timestamp(1_795_428_000_000);

    fn mail(seq: u64) -> (ConversationId, Seq) {
        (ConversationId::from_bytes([1; 16]), Seq(seq))
    }

    fn links() -> (Arc<dyn Store>, VisitorLinks, VisitorLink) {
        let store: Arc<dyn Store> = Arc::new(MemStore::default());
        let links = VisitorLinks::new(Arc::clone(&store), [7; 32]);
        let link = VisitorLink {
            conversation: ConversationId::from_bytes([1; 16]),
            site: "es".parse().unwrap(),
            goal: LinkTo::Thread,
            merge: None,
            expires: NOW.plus(VISITOR_LINK_MS),
        };
        (store, links, link)
    }

    #[tokio::test]
    async fn a_link_is_good_once_and_for_seven_days_and_looking_uses_nothing_up() {
        let (store, links, link) = links();
        let token = links.make(&link, mail(4)).await.unwrap();
        assert_eq!(
            links.make(&link, mail(4)).await.unwrap(),
            token,
            "a mail that is tried again"
        );
        assert_ne!(links.make(&link, mail(5)).await.unwrap(), token);
        assert!(
            !store
                .list(Space::Links)
                .await
                .unwrap()
                .keys()
                .any(|key| key.contains(&token))
        );
        assert_eq!(links.look(&token, NOW).await.unwrap(), Some(link.clone()));
        assert_eq!(
            links.take(&token, link.expires.plus(1)).await.unwrap(),
            None
        );
        assert_eq!(links.take(&token, NOW).await.unwrap(), Some(link));
        assert_eq!(links.take(&token, NOW).await.unwrap(), None);
    }

    #[tokio::test]
    async fn a_visitors_link_makes_no_account() {
        let (store, links, link) = links();
        let token = links.make(&link, mail(4)).await.unwrap();
        let new = NewAccount {
            name: "Eva".to_owned(),
            email: "eva@example.org".to_owned(),
            role: Role::Admin,
            teams: Vec::new(),
            lang: Lang::es(),
            work: crate::accounts::Work::default(),
        };
        let used = People::new(store)
            .use_link(
                &token,
                AgentId::from_bytes([2; 16]),
                new,
                "una frase bastante larga",
                NOW,
            )
            .await;
        assert!(matches!(used, Err(AccountError::Link)));
    }

    #[test]
    fn a_receipts_token_opens_its_own_case_until_it_expires() {
        let (_, links, link) = links();
        let token = links.receipt(link.conversation, "M-1", NOW);
        assert_eq!(
            links.open_receipt(&token, "M-1", NOW),
            Some(link.conversation)
        );
        assert_eq!(links.open_receipt(&token, "M-2", NOW), None);
        assert_eq!(
            links.open_receipt(&token, "M-1", NOW.plus(VISITOR_LINK_MS + 1)),
            None
        );
        assert_eq!(
            links.open_receipt(&token.replace(['A', 'B'], "C"), "M-1", NOW),
            None
        );
        assert_eq!(links.open_receipt("", "M-1", NOW), None);
    }
}
