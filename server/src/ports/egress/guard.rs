//! Which addresses the server may call.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::Url;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// How far calls may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses, over https.
    Public,
    /// Also private ones and loopback, and plain http: an operator said so for this address.
    Private,
}

impl Reach {
    /// Whether this address may be called, as far as can be told before its name is resolved.
    #[must_use]
    pub fn allows(self, url: &Url) -> bool {
        let https = url.scheme() == "https";
        let http = url.scheme() == "http";
        let bare = url.username().is_empty() && url.password().is_none();
        let host = match url.host() {
            Some(url::Host::Ipv4(ip)) => self.reaches(IpAddr::V4(ip)),
            Some(url::Host::Ipv6(ip)) => self.reaches(IpAddr::V6(ip)),
            Some(url::Host::Domain(_)) => true,
            None => false,
        };
        (https || (http && self == Self::Private)) && bare && host
    }

    fn reaches(self, ip: IpAddr) -> bool {
        self == Self::Private || is_public(ip)
    }
}

/// Resolves names to the addresses within reach.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver(pub Reach);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.0;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> =
                found.filter(|address| reach.reaches(address.ip())).collect();
            if allowed.is_empty() {
                return Err("no address within reach".into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Whether an address belongs to the public internet.
#[must_use]
pub fn is_public(ip: IpAddr) -> bool {
    match ip.to_canonical() {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let benchmark = a == 198 && (b == 18 || b == 19);
    let special = (a == 192 && b == 0 && c == 0) || (a == 192 && b == 88 && c == 99);
    !(a == 0
        || a >= 224
        || ip.is_private()
        || ip.is_loopback()
        || ip.is_link_local()
        || ip.is_documentation()
        || shared
        || benchmark
        || special)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, ..] = ip.segments();
    // Global unicast is 2000::/3; in it, Teredo, documentation, benchmarks and 6to4 lead elsewhere.
    let global = (0x2000..0x4000).contains(&a);
    let elsewhere = (a == 0x2001 && (b < 0x0200 || b == 0x0db8)) || a == 0x2002 || a == 0x3fff;
    global && !elsewhere
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_public_is_not_reached() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "::1",
            "::",
            "fe80::1",
            "fd00:ec2::254",
            "::ffff:127.0.0.1",
            "::7f00:1",
            "2001:db8::1",
            "2002::1",
            "2001::1",
            "64:ff9b::7f00:1",
        ] {
            assert!(!is_public(inside.parse().expect("an address")), "{inside}");
        }
        for outside in ["1.1.1.1", "172.32.0.1", "2606:4700::1111", "100.128.0.1"] {
            assert!(is_public(outside.parse().expect("an address")), "{outside}");
        }
    }

    #[test]
    fn plain_http_and_literal_addresses_need_leave() {
        let allows = |reach: Reach, text: &str| reach.allows(&text.parse().expect("a URL"));
        assert!(allows(Reach::Public, "https://api.example.com/v1"));
        for refused in [
            "http://api.example.com",
            "https://127.0.0.1",
            "https://0x7f000001",
            "https://[::1]",
            "https://2130706433",
            "https://user@api.example.com",
            "file:///etc/passwd",
        ] {
            assert!(!allows(Reach::Public, refused), "{refused}");
        }
        assert!(allows(Reach::Private, "http://127.0.0.1:4010"));
        assert!(!allows(Reach::Private, "ftp://127.0.0.1"));
    }
}
