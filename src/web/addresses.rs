//! Where a request comes from, who counts as one client, and how many sockets each has open.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use parking_lot::Mutex;

/// The client: address of the peer, or what a trusted proxy says of it. Of a chain of addresses the last that is no trusted proxy counts: what stands
/// before it may have been written by the client. Of IPv6 it is the network of 64 bits, whose addresses one household changes as it likes.
pub(super) fn client_address(
    peer: IpAddr,
    forwarded_for: Option<&str>,
    trusted: &[IpAddr],
) -> IpAddr {
    if !trusted.contains(&peer) {
        return network(peer);
    }
    let client = forwarded_for
        .into_iter()
        .flat_map(|list| list.rsplit(','))
        .map_while(|address| address.trim().parse::<IpAddr>().ok())
        .find(|address| !trusted.contains(address))
        .unwrap_or(peer);
    network(client)
}

fn network(address: IpAddr) -> IpAddr {
    const FIRST_64: u128 = !0 << 64;
    match address.to_canonical() {
        IpAddr::V6(address) if !address.is_loopback() => {
            Ipv6Addr::from_bits(address.to_bits() & FIRST_64).into()
        }
        other => other,
    }
}

/// Open sockets by address.
#[derive(Debug, Default)]
pub struct Addresses {
    open: Mutex<HashMap<IpAddr, usize>>,
}

impl Addresses {
    /// Counts one more socket of an address as long as the guard lives; nothing where it has `most` already. Programs of this machine are not
    /// counted: among them may be a proxy that nobody declared.
    pub(super) fn enter(self: &Arc<Self>, address: IpAddr, most: usize) -> Option<Entered> {
        let counted = !address.is_loopback();
        if counted {
            let mut open = self.open.lock();
            let count = open.entry(address).or_default();
            if *count >= most {
                return None;
            }
            *count += 1;
        }
        Some(Entered {
            addresses: counted.then(|| (Arc::clone(self), address)),
        })
    }
}

/// A socket that is counted.
#[derive(Debug)]
pub(super) struct Entered {
    addresses: Option<(Arc<Addresses>, IpAddr)>,
}

impl Drop for Entered {
    fn drop(&mut self) {
        if let Some((addresses, address)) = &self.addresses {
            let mut open = addresses.open.lock();
            if let Some(count) = open.get_mut(address) {
                *count -= 1;
                if *count == 0 {
                    open.remove(address);
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failed test should panic")]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_own_word() {
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        let of = |peer, list| client_address(ip(peer), list, &trusted).to_string();
        assert_eq!(of("198.51.100.1", Some("1.2.3.4")), "198.51.100.1");
        assert_eq!(of("10.0.0.1", Some("1.2.3.4, 203.0.113.7")), "203.0.113.7");
        assert_eq!(of("10.0.0.1", Some("203.0.113.7, 10.0.0.2")), "203.0.113.7");
        assert_eq!(of("10.0.0.1", Some("203.0.113.7, nonsense")), "10.0.0.1");
        assert_eq!(of("10.0.0.1", None), "10.0.0.1");
    }

    #[test]
    fn a_network_of_64_bits_is_one_client() {
        let of = |peer| client_address(ip(peer), None, &[]).to_string();
        assert_eq!(of("2001:db8:1:2:a::1"), "2001:db8:1:2::");
        assert_eq!(of("2001:db8:1:2:ffff::9"), "2001:db8:1:2::");
        assert_eq!(of("2001:db8:1:3::1"), "2001:db8:1:3::");
        assert_eq!(of("::1"), "::1");
        assert_eq!(of("::ffff:203.0.113.7"), "203.0.113.7");
    }

    #[test]
    fn an_address_has_so_many_sockets_and_no_more() {
        let addresses = Arc::new(Addresses::default());
        let (one, other) = (ip("203.0.113.7"), ip("2001:db8::1"));
        let first = addresses.enter(one, 2).unwrap();
        let _second = addresses.enter(one, 2).unwrap();
        assert!(addresses.enter(one, 2).is_none());
        assert!(addresses.enter(other, 2).is_some(), "another address");
        drop(first);
        assert!(addresses.enter(one, 2).is_some(), "a place is free again");
        assert!(addresses.enter(ip("127.0.0.1"), 0).is_some());
    }
}
