//! Which machines a notice may be sent to: an address that a phone names must not turn the server against its own
//! network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// How far a request may go. Decided on the address that is connected to, not on the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Over TLS to the internet: for addresses that phones name.
    Internet,
    /// The same, and this machine without TLS: for tests.
    InternetOrHere,
    /// Over TLS to anywhere, without TLS only in one's own network: for addresses that the operator names.
    Operator,
}

impl Reach {
    pub fn allows(self, tls: bool, address: IpAddr) -> bool {
        match self {
            Self::Internet => tls && is_public(address),
            Self::InternetOrHere => (tls && is_public(address)) || address.to_canonical().is_loopback(),
            Self::Operator => tls || !is_public(address),
        }
    }
}

/// Whether the address is one of the internet's, by the IANA special-purpose registries.
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation();
    let [first, second, third, _] = address.octets();
    let carrier = first == 100 && second & 0b1100_0000 == 64;
    let protocols = (first, second, third) == (192, 0, 0);
    let benchmarks = first == 198 && second & 0b1111_1110 == 18;
    !(special || carrier || protocols || benchmarks || first == 0 || first >= 240)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        // An IPv4 address inside: NAT64 and 6to4.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => {
            is_public_v4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)))
        }
        [0x2001, 0..0x200 | 0xdb8, ..] => false,
        [first, ..] => first & 0xe000 == 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_internet_is_public() {
        for public in
            ["1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "2606:4700::1", "64:ff9b::101:101"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
        for own in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "198.18.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "::",
            "::1",
            "fc00::1",
            "fe80::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "::7f00:1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "fec0::1",
            "64:ff9b:1::1",
        ] {
            assert!(!is_public(own.parse().unwrap()), "{own}");
        }
    }

    #[test]
    fn how_far_a_request_may_go() {
        let allowed = |reach: Reach, tls, address: &str| reach.allows(tls, address.parse().unwrap());
        for (reach, internet, internet_bare, here, here_bare, own_bare) in [
            (Reach::Internet, true, false, false, false, false),
            (Reach::InternetOrHere, true, false, true, true, false),
            (Reach::Operator, true, false, true, true, true),
        ] {
            assert_eq!(allowed(reach, true, "1.1.1.1"), internet);
            assert_eq!(allowed(reach, false, "1.1.1.1"), internet_bare);
            assert_eq!(allowed(reach, true, "::ffff:127.0.0.1"), here);
            assert_eq!(allowed(reach, false, "127.0.0.1"), here_bare);
            assert_eq!(allowed(reach, false, "10.0.0.1"), own_bare);
        }
    }
}
