//! Calls to the company's services (`call:` in topic files): one HTTP request with time-out, retries and an idempotency key; its answer becomes
//! a case and values. What goes wrong is for the log and the handoff card, never for the visitor.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Engine, EngineError, bot};
use crate::conversation::{CallAnswer, Command, Refusal, State};
use crate::ids::ConversationId;
use crate::topics::Call;

/// Largest answer of a service that is read, in bytes.
const ANSWER_MAX: usize = 256 * 1024;

impl Engine {
    /// Starts a call in the background; its end comes back as a command.
    pub(super) fn start_call(
        &self,
        id: ConversationId,
        call_id: u32,
        name: String,
        args: BTreeMap<String, String>,
        state: &State,
    ) {
        let engine = self.clone();
        let session = state
            .session
            .as_ref()
            .map(|session| session.id.to_string())
            .unwrap_or_default();
        let key = format!("{id}/{session}/{call_id}");
        drop(self.runtime().spawn(async move {
            let live = engine.live();
            let answer = match live.catalog.calls.get(&name) {
                Some(call) => perform(&engine.inner.http, call, &args, &key).await,
                None => Err(format!("no call {name} in the catalogue")),
            };
            if let Err(why) = &answer {
                tracing::warn!(conversation = %id, call = name, why, "a service did not answer");
            }
            engine.end_call(id, call_id, answer).await;
        }));
    }

    /// A call that was started before a restart fails; it is not repeated, because nobody knows what became of it.
    pub(super) async fn lose_call(&self, id: ConversationId, call_id: u32) {
        self.end_call(id, call_id, Err("lost with a restart".to_owned()))
            .await;
    }

    async fn end_call(&self, id: ConversationId, call_id: u32, answer: CallAnswer) {
        let result = self
            .run(id, None, move |step| {
                step.decide(match answer {
                    Ok((case, values)) => Command::CallReturned {
                        call_id,
                        case,
                        values,
                    },
                    Err(why) => Command::CallFailed { call_id, why },
                })?;
                bot::go_on(step)
            })
            .await;
        match result {
            // The visitor asked for a person, or the deadline was first.
            Ok(()) | Err(EngineError::Refused(Refusal::NoCall)) => {}
            // The deadline of the call ends it.
            Err(error) => {
                tracing::warn!(conversation = %id, %error, "the end of a call was not stored")
            }
        }
    }
}

/// Performs a call: tries, waits, tries again. Gives the case and the values of the answer.
async fn perform(
    http: &reqwest::Client,
    call: &Call,
    args: &BTreeMap<String, String>,
    key: &str,
) -> CallAnswer {
    let mut why = String::new();
    for attempt in 0..=call.retries {
        if attempt > 0 {
            #[allow(
                clippy::disallowed_methods,
                reason = "a breath between two tries of one call, no product time"
            )]
            tokio::time::sleep(Duration::from_millis(150 << attempt.min(4))).await;
        }
        match attempt_once(http, call, args, key).await {
            Ok(answer) => return Ok(answer),
            Err(Attempt { retry: false, why }) => return Err(why),
            Err(Attempt {
                retry: true,
                why: last,
            }) => why = last,
        }
    }
    Err(format!("{why}, after {} tries", call.retries + 1))
}

/// Why one try failed, and whether another may help.
struct Attempt {
    retry: bool,
    why: String,
}

async fn attempt_once(
    http: &reqwest::Client,
    call: &Call,
    args: &BTreeMap<String, String>,
    key: &str,
) -> Result<(String, BTreeMap<String, String>), Attempt> {
    let lasting = |why: String| Attempt { retry: false, why };
    // These are read as steps of the path, not as values in it, even when encoded.
    let strays = |(name, value): &(&String, &String)| {
        call.url.contains(&format!("{{{name}}}")) && matches!(value.as_str(), "" | "." | "..")
    };
    if let Some((name, _)) = args.iter().find(strays) {
        return Err(lasting(format!(
            "the value of {name} cannot stand in an address"
        )));
    }
    let method: reqwest::Method = call
        .method
        .parse()
        .map_err(|_bad| lasting(format!("method {}", call.method)))?;
    let mut request = http
        .request(method, fill(&call.url, args, percent_encode))
        .timeout(Duration::from_millis(call.timeout_ms))
        .header("Idempotency-Key", key)
        .header("Accept", "application/json");
    for (name, value) in &call.headers {
        request = request.header(name, fill(value, args, str::to_owned));
    }
    if let Some(body) = &call.body {
        request = request.json(&fill_json(body, args));
    }
    let mut response = request.send().await.map_err(|error| Attempt {
        retry: error.is_timeout() || error.is_connect() || error.is_request(),
        why: error.without_url().to_string(),
    })?;
    let status = response.status().as_u16();
    if matches!(status, 502..=504) {
        return Err(Attempt {
            retry: true,
            why: format!("status {status}"),
        });
    }
    let mut bytes = Vec::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() <= ANSWER_MAX => {
                bytes.extend_from_slice(&chunk)
            }
            Ok(Some(_)) => {
                return Err(lasting(format!(
                    "an answer of more than {ANSWER_MAX} bytes"
                )));
            }
            Ok(None) => break,
            Err(error) => {
                return Err(Attempt {
                    retry: true,
                    why: error.without_url().to_string(),
                });
            }
        }
    }
    let json: serde_json::Value = serde_json::from_slice(&bytes).unwrap_or(serde_json::Value::Null);
    let case = match call.status.get(&status) {
        Some(case) => case.clone(),
        None => {
            let word = call
                .case
                .as_ref()
                .and_then(|at| json.pointer(at))
                .and_then(|word| word.as_str());
            match word {
                // A refusal that names its case (409 with a result) is an answer; without one it is a failure.
                Some(word) if status < 500 => word.to_owned(),
                None if call.case.is_none() && (200..300).contains(&status) => "ok".to_owned(),
                Some(_) | None => return Err(lasting(format!("status {status} without a case"))),
            }
        }
    };
    let values = call
        .values
        .iter()
        .filter_map(|(name, value)| Some((name.clone(), kept(json.pointer(&value.at)?)?)))
        .collect();
    Ok((case, values))
}

/// A value as it is kept: the words of a text, the JSON of anything else, lists joined. Dialogue words it in the reader's language.
fn kept(value: &serde_json::Value) -> Option<String> {
    match value {
        serde_json::Value::Null => None,
        serde_json::Value::String(text) => Some(text.clone()),
        serde_json::Value::Array(items) => {
            Some(items.iter().filter_map(kept).collect::<Vec<_>>().join(", "))
        }
        other => Some(other.to_string()),
    }
}

fn fill(template: &str, args: &BTreeMap<String, String>, encode: fn(&str) -> String) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        match after.split_once('}') {
            Some((name, after)) => {
                filled.push_str(
                    &args
                        .get(name)
                        .map(|value| encode(value))
                        .unwrap_or_default(),
                );
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

fn fill_json(body: &serde_json::Value, args: &BTreeMap<String, String>) -> serde_json::Value {
    match body {
        serde_json::Value::String(text) => {
            serde_json::Value::String(fill(text, args, str::to_owned))
        }
        serde_json::Value::Array(items) => items.iter().map(|item| fill_json(item, args)).collect(),
        serde_json::Value::Object(parts) => serde_json::Value::Object(
            parts
                .iter()
                .map(|(name, value)| (name.clone(), fill_json(value, args)))
                .collect(),
        ),
        other => other.clone(),
    }
}

/// RFC 3986: everything but the unreserved characters, so that a value cannot leave its place in the path.
fn percent_encode(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_in_its_place() {
        let args = BTreeMap::from([("n".to_owned(), "../admin?x=1 ñ".to_owned())]);
        assert_eq!(
            fill("http://shop/orders/{n}/match", &args, percent_encode),
            "http://shop/orders/..%2Fadmin%3Fx%3D1%20%C3%B1/match"
        );
        assert_eq!(fill("a {missing} b {", &args, str::to_owned), "a  b {");
        let body = serde_json::json!({"proof": "{n}", "list": ["{n}", 1]});
        assert_eq!(
            fill_json(&body, &args),
            serde_json::json!({"proof": "../admin?x=1 ñ", "list": ["../admin?x=1 ñ", 1]})
        );
    }

    #[test]
    fn values_are_kept_as_they_came() {
        let price = serde_json::json!({"amount": 59.9, "currency": "EUR"});
        assert_eq!(
            kept(&price).as_deref(),
            Some(r#"{"amount":59.9,"currency":"EUR"}"#)
        );
        assert_eq!(
            kept(&serde_json::json!(["a", "b"])).as_deref(),
            Some("a, b")
        );
        assert_eq!(kept(&serde_json::Value::Null), None);
    }
}
