//! The ten shapes as signed distances to their outline, in pixels.

use std::ops::Range;

/// cos and sin of 0, 72, 144, 216 and 288 degrees, from straight up: the five sides of a star.
const FIFTHS: [(f32, f32); 5] = [
    (0.0, 1.0),
    (0.951_056_5, 0.309_017),
    (0.587_785_25, -0.809_017),
    (-0.587_785_25, -0.809_017),
    (-0.951_056_5, 0.309_017),
];
const HALF_SQRT_3: f32 = 0.866_025_4;
const HALF_SQRT_2: f32 = 0.707_106_77;
/// tan(theta / 2) of a turn of 12 degrees: less than what makes a square of a diamond.
const SLIGHT: f32 = 0.105;

/// Where a shape is, how large, and how it is turned.
pub(super) struct Placement {
    x: f32,
    y: f32,
    /// Of the circle around it.
    radius: f32,
    cos: f32,
    sin: f32,
}

impl Placement {
    /// Random, but wholly inside the image and turned only as far as its class stays the same.
    /// `uniform` draws between two bounds.
    pub(super) fn draw(class: u8, uniform: &mut impl FnMut(f32, f32) -> f32) -> Self {
        let radius = uniform(8.5, 14.0);
        let (x, y) = (
            uniform(radius, 32.0 - radius),
            uniform(radius, 32.0 - radius),
        );
        let widest = match class {
            2 | 3 | 5 => 1.0,
            _ => SLIGHT,
        };
        // The rational parametrisation of the circle needs no sine.
        let t = uniform(-widest, widest);
        let (cos, sin) = ((1.0 - t * t) / (1.0 + t * t), 2.0 * t / (1.0 + t * t));
        Self {
            x,
            y,
            radius,
            cos,
            sin,
        }
    }

    /// Rows and columns that the shape may touch.
    pub(super) fn bounds(&self, side: usize) -> (Range<usize>, Range<usize>) {
        let span = |centre: f32| {
            let low = (centre - self.radius - 1.0).max(0.0) as usize;
            low..((centre + self.radius + 2.0) as usize).min(side)
        };
        (span(self.y), span(self.x))
    }

    /// How much of the pixel around a point the shape covers, 0 to 1.
    pub(super) fn coverage(&self, class: u8, x: f32, y: f32) -> f32 {
        let (dx, dy) = (x - self.x, y - self.y);
        let (u, v) = (self.cos * dx + self.sin * dy, self.cos * dy - self.sin * dx);
        (0.5 - distance(class, u, v, self.radius)).clamp(0.0, 1.0)
    }
}

/// Below 0 inside. Exact near the outline, which is all that coverage needs.
fn distance(class: u8, x: f32, y: f32, r: f32) -> f32 {
    let square = x.abs().max(y.abs()) - HALF_SQRT_2 * r;
    match class {
        0 => (x * x + y * y).sqrt() - r,
        1 => square,
        2 => (HALF_SQRT_3 * x.abs() - 0.5 * y).max(y) - 0.5 * r,
        3 => cross(x.abs(), y.abs(), r),
        4 => ((x * x + y * y).sqrt() - 0.78 * r).abs() - 0.22 * r,
        5 => star(x, y, r),
        6 => (x.abs() + y.abs() - r) * HALF_SQRT_2,
        7 => square.max(bars(y, r)),
        8 => square.max(bars(x, r)),
        _ => square.max(checks(x, y, r)),
    }
}

fn cross(x: f32, y: f32, r: f32) -> f32 {
    let (long, short) = (0.95 * r, 0.3 * r);
    (x - long).max(y - short).min((x - short).max(y - long))
}

/// Inside at least four of the five lines through its points: the second largest distance counts.
fn star(x: f32, y: f32, r: f32) -> f32 {
    let (mut first, mut second) = (f32::MIN, f32::MIN);
    for (nx, ny) in FIFTHS {
        let d = nx * x + ny * y;
        second = second.max(d.min(first));
        first = first.max(d);
    }
    second - 0.309_017 * r
}

/// Three bars and two gaps across the square.
fn bars(x: f32, r: f32) -> f32 {
    let period = 2.0 * HALF_SQRT_2 * r / 2.5;
    let turns = (x + HALF_SQRT_2 * r) / period;
    ((turns - turns.floor() - 0.25).abs() - 0.25) * period
}

/// Four by four cells, inside where both or neither of the two sets of bars are.
fn checks(x: f32, y: f32, r: f32) -> f32 {
    let cell = 0.5 * HALF_SQRT_2 * r;
    let signed = |x: f32| {
        let turns = x / (2.0 * cell);
        ((turns - turns.floor() - 0.5).abs() - 0.25) * 2.0 * cell
    };
    let (u, v) = (signed(x), signed(y));
    if (u < 0.0) == (v < 0.0) {
        -u.abs().min(v.abs())
    } else {
        u.abs().min(v.abs())
    }
}
