//! Where a webhook may go: to machines of the internet. Whoever writes the configuration need not know what else listens in the house, and a name that
//! is changed later to point inside must not get us to speak to it (server-side request forgery).
//!
//! A name is resolved by us and each address is looked at; the connection goes to the address that was looked at. Redirects are not followed, and no
//! proxy is used.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// A connection takes at most this long.
const CONNECT: Duration = Duration::from_secs(3);
/// A whole delivery takes at most this long.
const WHOLE: Duration = Duration::from_secs(10);

/// Why an address is not spoken to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Forbidden {
    /// Not an address.
    #[error("{0:?} is no address such as https://example.com/hook")]
    Malformed(String),
    /// Only encrypted.
    #[error("{0:?}: webhooks go over https only")]
    NotHttps(String),
    /// Name or password in the address.
    #[error("{0:?}: no name and password in the address; the signature shows who we are")]
    Credentials(String),
    /// A machine of the house.
    #[error("{0} is an address of this machine or of a private network")]
    Local(IpAddr),
    /// The name stands for no machine.
    #[error("{0} stands for no machine")]
    Nowhere(String),
}

/// Sends webhooks where they may go.
#[derive(Debug, Clone)]
pub struct Fetcher {
    http: reqwest::Client,
    local: bool,
}

impl Fetcher {
    /// `local`: machines of the house and unencrypted addresses too, for tests and demonstrations.
    ///
    /// # Errors
    /// When the client cannot be built.
    pub fn new(local: bool) -> reqwest::Result<Self> {
        let http = reqwest::Client::builder()
            .user_agent(concat!("ventanilla/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .https_only(!local)
            .dns_resolver(Arc::new(Guard { local }))
            .build()?;
        Ok(Self { http, local })
    }

    /// Whether an address may be spoken to as it is written. What a name stands for is looked at when it is spoken to.
    ///
    /// # Errors
    /// [`Forbidden`].
    pub fn check(&self, address: &str) -> Result<Url, Forbidden> {
        let malformed = || Forbidden::Malformed(address.to_owned());
        let url = Url::parse(address).map_err(|_why| malformed())?;
        match url.scheme() {
            "https" => {}
            "http" if self.local => {}
            "http" => return Err(Forbidden::NotHttps(address.to_owned())),
            _ => return Err(malformed()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Forbidden::Credentials(address.to_owned()));
        }
        // A number as host is never resolved; `0x7f.1` and the like are numbers too, and written plainly by now.
        let host = url.host_str().ok_or_else(malformed)?;
        let number = host.trim_start_matches('[').trim_end_matches(']');
        match number.parse::<IpAddr>() {
            Ok(address) if !self.local && !is_public(address) => Err(Forbidden::Local(address)),
            Ok(_) | Err(_) => Ok(url),
        }
    }

    /// Posts a body; gives the status.
    ///
    /// # Errors
    /// What went wrong, in words for the operator.
    pub(super) async fn post(
        &self,
        address: &str,
        headers: [(&'static str, String); 3],
        body: String,
    ) -> Result<u16, String> {
        let url = self.check(address).map_err(|why| why.to_string())?;
        let mut request = self
            .http
            .post(url)
            .header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let response = request.body(body).send().await.map_err(|why| told(&why))?;
        // The body of the answer means nothing here, and is not read.
        Ok(response.status().as_u16())
    }
}

/// An error with its causes, without the address: it may carry a token.
fn told(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no answer in time".to_owned();
    }
    let mut causes = Vec::new();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        causes.push(cause.to_string());
        next = cause.source();
    }
    causes.pop().unwrap_or_else(|| "no connection".to_owned())
}

/// Resolves names, and keeps the addresses that may be spoken to.
struct Guard {
    local: bool,
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let local = self.local;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            let first = found.first().map(SocketAddr::ip);
            let open: Vec<SocketAddr> = found
                .into_iter()
                .filter(|address| local || is_public(address.ip()))
                .collect();
            match (open.is_empty(), first) {
                (false, _) => Ok(Box::new(open.into_iter()) as Addrs),
                (true, Some(inside)) => Err(Forbidden::Local(inside).into()),
                (true, None) => Err(Forbidden::Nowhere(host).into()),
            }
        })
    }
}

/// Whether an address is of the internet: none of the special-purpose blocks of IANA (RFC 6890 and its registries), and nothing that leads to one by
/// translation.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = matches!(
        (a, b, c),
        (0 | 10 | 127, _, _)
            | (100, 64..=127, _)
            | (169, 254, _)
            | (172, 16..=31, _)
            | (192, 0, 0 | 2)
            | (192, 31, 196)
            | (192, 52, 193)
            | (192, 88, 99)
            | (192, 168, _)
            | (192, 175, 48)
            | (198, 18..=19, _)
            | (198, 51, 100)
            | (203, 0, 113)
            | (224..=255, _, _)
    );
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    let [a, b, ..] = parts;
    // Global unicast, without documentation (2001:db8::/32, 3fff::/20), the protocols' own blocks with Teredo (2001::/23), 6to4 (2002::/16) and
    // direct delegation (2620:4f:8000::/48).
    (a & 0xe000) == 0x2000
        && a != 0x2002
        && !(a == 0x2001 && (b < 0x200 || b == 0xdb8))
        && !(a == 0x3fff && b < 0x1000)
        && !(a == 0x2620 && b == 0x4f && parts[2] == 0x8000)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    #[test]
    fn machines_of_the_house_are_not_spoken_to_however_they_are_written() {
        let fetcher = Fetcher::new(false).unwrap();
        for inside in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0177.0.0.1/",
            "https://0/",
            "https://10.0.0.8:8443/",
            "https://172.16.5.4/",
            "https://192.168.1.1/",
            "https://169.254.169.254/latest/meta-data/",
            "https://100.64.0.1/",
            "https://198.18.0.1/",
            "https://224.0.0.1/",
            "https://255.255.255.255/",
            "https://[::1]/",
            "https://[::]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[::127.0.0.1]/",
            "https://[64:ff9b::7f00:1]/",
            "https://[64:ff9b:1::7f00:1]/",
            "https://[2002:7f00:1::]/",
            "https://[2001:0:7f00:1::]/",
            "https://[fe80::1]/",
            "https://[fc00::1]/",
            "https://[fd12:3456::1]/",
            "https://[ff02::1]/",
            "https://[2001:db8::1]/",
            "https://１２７.０.０.１/",
        ] {
            assert!(
                matches!(fetcher.check(inside), Err(Forbidden::Local(_))),
                "{inside}: {:?}",
                fetcher.check(inside)
            );
        }
        for wrong in [
            "http://example.com/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "https://user:pass@example.com/",
            "https://",
            "example.com",
            "",
        ] {
            assert!(fetcher.check(wrong).is_err(), "{wrong}");
        }
        for fine in [
            "https://example.com/hook?x=1",
            "https://93.184.215.14/",
            "https://[2606:2800:21f:cb07::1]/",
        ] {
            assert!(fetcher.check(fine).is_ok(), "{fine}");
        }
    }

    #[tokio::test]
    async fn a_name_that_stands_for_this_machine_is_not_spoken_to() {
        let headers = || {
            [
                ("webhook-id", String::new()),
                ("a", String::new()),
                ("b", String::new()),
            ]
        };
        let fetcher = Fetcher::new(false).unwrap();
        let sent = fetcher
            .post("https://localhost:9/", headers(), String::new())
            .await;
        let why = sent.unwrap_err();
        assert!(why.contains("an address of this machine"), "{why}");
    }
}
