//! Structural similarity of two pictures: 1 for equal ones.

use animatic::{Frame, TextBox};

/// Mean SSIM of luma over windows of 8 × 8, without overlap.
pub fn ssim(a: &Frame, b: &Frame) -> f64 {
    ssim_outside(a, b, &[])
}

/// The same over the windows that touch none of these boxes: text is no picture.
pub fn ssim_outside(a: &Frame, b: &Frame, boxes: &[TextBox]) -> f64 {
    assert_eq!(a.size(), b.size());
    let (w, h) = a.size();
    let (mut sum, mut count) = (0.0, 0);
    for y in (0..h - 7).step_by(8) {
        for x in (0..w - 7).step_by(8) {
            let (left, top) = (x as i32, y as i32);
            let touches = |b: &TextBox| {
                left < b.right && left + 8 > b.left && top < b.bottom && top + 8 > b.top
            };
            if boxes.iter().any(touches) {
                continue;
            }
            sum += window(a.luma(), b.luma(), w, (x, y));
            count += 1;
        }
    }
    sum / f64::from(count)
}

fn window(a: &[u8], b: &[u8], w: usize, (x, y): (usize, usize)) -> f64 {
    let (mut sa, mut sb, mut saa, mut sbb, mut sab) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for row in y..y + 8 {
        for i in row * w + x..row * w + x + 8 {
            let (p, q) = (f64::from(a[i]), f64::from(b[i]));
            sa += p;
            sb += q;
            saa += p * p;
            sbb += q * q;
            sab += p * q;
        }
    }
    let (ma, mb) = (sa / 64.0, sb / 64.0);
    let (va, vb, cov) = (saa / 64.0 - ma * ma, sbb / 64.0 - mb * mb, sab / 64.0 - ma * mb);
    let (c1, c2) = ((0.01f64 * 255.0).powi(2), (0.03f64 * 255.0).powi(2));
    (2.0 * ma * mb + c1) * (2.0 * cov + c2) / ((ma * ma + mb * mb + c1) * (va + vb + c2))
}

#[test]
fn equal_pictures_are_one_and_noise_is_not() {
    let a = crate::support::still("a boat at sea");
    let b = crate::support::still("a city at night");
    assert!((ssim(&a, &a) - 1.0).abs() < 1e-9);
    assert!(ssim(&a, &b) < 0.6);
}
