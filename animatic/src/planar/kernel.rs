//! The inner loops, over rows of bytes. All arithmetic is on integers, so the plain and the AVX2
//! builds of a loop give the same bytes; AVX2 is chosen at run time because it halves the cost.
//!
//! Shifts are in 1/256 of a pixel, alpha is 0 to 255 (premultiplied), opacity 0 to 256.

macro_rules! dispatched {
    ($name:ident, $plain:ident, ($($arg:ident: $type:ty),*)) => {
        pub fn $name($($arg: $type),*) {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2")]
                fn wide($($arg: $type),*) {
                    $plain($($arg),*)
                }
                if is_x86_feature_detected!("avx2") {
                    #[expect(unsafe_code, reason = "AVX2 was detected on the line above")]
                    // SAFETY: `wide` is ordinary safe code; its one requirement is AVX2.
                    unsafe {
                        wide($($arg),*)
                    }
                    return;
                }
            }
            $plain($($arg),*)
        }
    };
}

dispatched!(mix, mix_plain, (to: &mut [u8], a: &[u8], b: &[u8], part: u16));
dispatched!(copy, copy_plain, (to: &mut [u8], from: &[u8], shift: u16));
dispatched!(blend, blend_plain, (to: &mut [u8], from: &[u8], alpha: &[u8], shift: u16));
dispatched!(over, over_plain, (to: &mut [u8], from: &[u8], alpha: &[u8]));
dispatched!(fade, fade_plain, (to: &mut [u8], from: &[u8], alpha: &[u8], how: (u16, u16)));
dispatched!(tint, tint_plain, (to: &mut [u8], cover: &[u8], colour: u8, opacity: u16));
dispatched!(glow, glow_plain, (to: &mut [u8], cover: &[u8], light: u8, opacity: u16));
dispatched!(dim, dim_plain, (to: &mut [u8], keep: u16, base: u16));

/// `a` moved towards `b` by `part`/256.
#[inline(always)]
fn mix_plain(to: &mut [u8], a: &[u8], b: &[u8], part: u16) {
    let n = to.len();
    let (a, b) = (&a[..n], &b[..n]);
    for i in 0..n {
        to[i] = ((u16::from(a[i]) * (256 - part) + u16::from(b[i]) * part + 128) >> 8) as u8;
    }
}

/// A shifted copy; `from` holds one byte more than `to`.
#[inline(always)]
fn copy_plain(to: &mut [u8], from: &[u8], shift: u16) {
    let n = to.len();
    let (a, b) = (&from[..n], &from[1..=n]);
    for i in 0..n {
        to[i] = ((u16::from(a[i]) * (256 - shift) + u16::from(b[i]) * shift + 128) >> 8) as u8;
    }
}

/// A shifted premultiplied layer over `to`.
#[inline(always)]
fn blend_plain(to: &mut [u8], from: &[u8], alpha: &[u8], shift: u16) {
    let n = to.len();
    let (s0, s1, a0, a1) = (&from[..n], &from[1..=n], &alpha[..n], &alpha[1..=n]);
    for i in 0..n {
        let s = (u16::from(s0[i]) * (256 - shift) + u16::from(s1[i]) * shift + 128) >> 8;
        let a = (u16::from(a0[i]) * (256 - shift) + u16::from(a1[i]) * shift + 128) >> 8;
        let keep = 256 - a - (a >> 7);
        to[i] = (s + ((u16::from(to[i]) * keep) >> 8)).min(255) as u8;
    }
}

/// As [`blend`] without a shift.
#[inline(always)]
fn over_plain(to: &mut [u8], from: &[u8], alpha: &[u8]) {
    let n = to.len();
    let (from, alpha) = (&from[..n], &alpha[..n]);
    for i in 0..n {
        let a = u16::from(alpha[i]);
        let keep = 256 - a - (a >> 7);
        to[i] = (u16::from(from[i]) + ((u16::from(to[i]) * keep) >> 8)).min(255) as u8;
    }
}

/// As [`blend`], with (shift, opacity).
#[inline(always)]
fn fade_plain(to: &mut [u8], from: &[u8], alpha: &[u8], how: (u16, u16)) {
    let (shift, opacity) = how;
    let n = to.len();
    let (s0, s1, a0, a1) = (&from[..n], &from[1..=n], &alpha[..n], &alpha[1..=n]);
    for i in 0..n {
        let s = (u16::from(s0[i]) * (256 - shift) + u16::from(s1[i]) * shift) >> 8;
        let a = (u16::from(a0[i]) * (256 - shift) + u16::from(a1[i]) * shift) >> 8;
        let (s, a) = ((s * opacity) >> 8, (a * opacity) >> 8);
        let keep = 256 - a - (a >> 7);
        to[i] = (s + ((u16::from(to[i]) * keep) >> 8)).min(255) as u8;
    }
}

/// One colour over `to`, through a mask.
#[inline(always)]
fn tint_plain(to: &mut [u8], cover: &[u8], colour: u8, opacity: u16) {
    let n = to.len();
    let cover = &cover[..n];
    for i in 0..n {
        let a = (u16::from(cover[i]) * opacity) >> 8;
        to[i] = ((u16::from(to[i]) * (256 - a) + u16::from(colour) * a) >> 8) as u8;
    }
}

/// Light added to `to`, through a mask; stops at the brightest legal value.
#[inline(always)]
fn glow_plain(to: &mut [u8], cover: &[u8], light: u8, opacity: u16) {
    let n = to.len();
    let cover = &cover[..n];
    for i in 0..n {
        let a = (u16::from(cover[i]) * opacity) >> 8;
        to[i] = (u16::from(to[i]) + ((u16::from(light) * a) >> 8)).min(235) as u8;
    }
}

/// Every byte pulled towards `base`; `keep` of 256 keeps it.
#[inline(always)]
fn dim_plain(to: &mut [u8], keep: u16, base: u16) {
    for v in to {
        *v = ((u16::from(*v) * keep + base * (256 - keep)) >> 8) as u8;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(n: usize, seed: u64) -> Vec<u8> {
        let mut rng = crate::paint::Rng::new(seed);
        (0..n).map(|_| rng.next() as u8).collect()
    }

    #[test]
    fn both_builds_give_the_same_bytes() {
        for n in [1, 7, 31, 32, 33, 640] {
            let (from, alpha, to) = (bytes(n + 1, 1), bytes(n + 1, 2), bytes(n, 3));
            let pre: Vec<u8> = from
                .iter()
                .zip(&alpha)
                .map(|(s, a)| (u16::from(*s) * u16::from(*a) / 255) as u8)
                .collect();
            for shift in [0, 4, 128, 252] {
                let run = |f: fn(&mut [u8], &[u8], &[u8], u16)| {
                    let mut to = to.clone();
                    f(&mut to, &pre, &alpha, shift);
                    to
                };
                assert_eq!(run(blend), run(blend_plain));
                assert_eq!(run(mix), run(mix_plain));
                assert_eq!(
                    run(|t, a, b, _| over(t, a, b)),
                    run(|t, a, b, _| blend_plain(t, a, b, 0))
                );
                assert_eq!(run(|t, a, _, s| copy(t, a, s)), run(|t, a, _, s| copy_plain(t, a, s)));
                assert_eq!(
                    run(|t, a, b, s| fade(t, a, b, (s, 200))),
                    run(|t, a, b, s| fade_plain(t, a, b, (s, 200)))
                );
                assert_eq!(
                    run(|t, a, _, s| tint(t, a, 77, s)),
                    run(|t, a, _, s| tint_plain(t, a, 77, s))
                );
                assert_eq!(
                    run(|t, a, _, s| glow(t, a, 77, s)),
                    run(|t, a, _, s| glow_plain(t, a, 77, s))
                );
                assert_eq!(run(|t, _, _, s| dim(t, s, 16)), run(|t, _, _, s| dim_plain(t, s, 16)));
            }
        }
    }

    #[test]
    fn opaque_covers_and_clear_leaves() {
        let (mut to, from) = (vec![99; 4], [50, 50, 50, 50, 50]);
        blend(&mut to, &from, &[255; 5], 128);
        assert_eq!(to, [50; 4]);
        blend(&mut to, &[0; 5], &[0; 5], 128);
        assert_eq!(to, [50; 4]);
    }
}
