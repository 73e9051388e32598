//! Which address a request came from.
//!
//! Each trusted proxy appends the address it saw to `X-Forwarded-For`, so the client stands that
//! many places from the right; everything further left was sent by the client and proves nothing.

use std::net::{IpAddr, SocketAddr};

use axum::http::HeaderMap;

/// The client's address as seen through `trusted` proxies; the peer's where no header can be
/// trusted or read.
#[must_use]
pub fn client_ip(headers: &HeaderMap, peer: Option<SocketAddr>, trusted: usize) -> Option<IpAddr> {
    let peer = peer.map(|address| address.ip());
    if trusted == 0 {
        return peer;
    }
    let mut hops = Vec::new();
    for line in headers.get_all("x-forwarded-for") {
        let text = line.to_str().unwrap_or_default();
        hops.extend(text.split(',').map(str::trim).map(str::to_owned));
    }
    // Fewer hops than proxies: the outermost one was passed by, and the first entry is its word.
    let place = hops.len().saturating_sub(trusted);
    hops.get(place).and_then(|hop| address(hop)).or(peer)
}

/// `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::1`, `[2001:db8::1]:4711`.
fn address(hop: &str) -> Option<IpAddr> {
    hop.parse::<IpAddr>()
        .ok()
        .or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()))
        .or_else(|| hop.trim_start_matches('[').trim_end_matches(']').parse().ok())
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn seen(forwarded: &[&'static str], trusted: usize) -> Option<String> {
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_static(line));
        }
        let peer = "10.0.0.9:1234".parse().ok();
        client_ip(&headers, peer, trusted).map(|ip| ip.to_string())
    }

    #[test]
    fn the_trusted_hop_is_counted_from_the_right() {
        let spoofed = ["1.1.1.1, 203.0.113.7", "10.0.0.1"];
        assert_eq!(seen(&spoofed, 0).as_deref(), Some("10.0.0.9"));
        assert_eq!(seen(&spoofed, 1).as_deref(), Some("10.0.0.1"));
        assert_eq!(seen(&spoofed, 2).as_deref(), Some("203.0.113.7"));
        assert_eq!(seen(&[], 2).as_deref(), Some("10.0.0.9"));
        assert_eq!(seen(&["nonsense"], 1).as_deref(), Some("10.0.0.9"));
        assert_eq!(seen(&["[2001:db8::1]:99"], 1).as_deref(), Some("2001:db8::1"));
    }
}
