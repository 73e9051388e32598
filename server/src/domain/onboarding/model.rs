//! What counts as one client address.

use std::net::{IpAddr, Ipv6Addr};

/// Half of an IPv6 address names the network, the other half a machine in it.
const NETWORK_BITS: u128 = !(u64::MAX as u128);

/// The bytes by which a client address is counted: an IPv4 address as it is (also when it comes
/// mapped into IPv6), an IPv6 address by its /64, which is what one customer is given. A caller
/// without an address is counted with all others without one.
#[must_use]
pub fn counted_as(ip: Option<IpAddr>) -> Vec<u8> {
    match ip {
        None => Vec::new(),
        Some(IpAddr::V4(ip)) => ip.octets().to_vec(),
        Some(IpAddr::V6(ip)) => match ip.to_ipv4_mapped() {
            Some(mapped) => mapped.octets().to_vec(),
            None => Ipv6Addr::from_bits(ip.to_bits() & NETWORK_BITS).octets().to_vec(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_counts_as_one_and_a_mapped_address_as_itself() {
        let counted = |text: &str| counted_as(Some(text.parse().expect("an address")));
        assert_eq!(counted("2001:db8::1"), counted("2001:db8::ffff:1"));
        assert_ne!(counted("2001:db8::1"), counted("2001:db8:0:1::1"));
        assert_eq!(counted("::ffff:192.0.2.7"), counted("192.0.2.7"));
        assert_ne!(counted("192.0.2.7"), counted("192.0.2.8"));
        assert_eq!(counted_as(None), Vec::<u8>::new());
    }
}
