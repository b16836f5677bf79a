//! The day as a picture: the queue, who is on duty, and how long those waited who were taken.

use std::fmt::Write;

use super::day::Day;
use super::report::{Report, hours};

const WIDTH: f64 = 860.0;
const LEFT: f64 = 60.0;
const PLOT: f64 = 720.0;
const HEIGHT: f64 = 150.0;
/// The top of each of the three pictures.
const TOPS: [f64; 3] = [70.0, 280.0, 490.0];

pub(super) fn draw(day: &Day, report: &Report) -> String {
    let end = hours(
        day.moments
            .iter()
            .map(|moment| moment.at)
            .max()
            .unwrap_or(1),
    );
    let x = |at: i64| LEFT + PLOT * hours(at) / end;
    let mut svg = String::new();
    let mut line = |text: std::fmt::Arguments<'_>| {
        svg.write_fmt(text).expect("a string takes everything");
        svg.push('\n');
    };
    line(format_args!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} 690" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="Cola, personas de turno y esperas en el día · Queue, people on duty and waits over the day">"##
    ));
    line(format_args!(
        r##"<rect width="{WIDTH}" height="690" fill="#fff"/><text x="{LEFT}" y="26" font-size="17" font-weight="600">Un Black Friday simulado: {} visitantes, {} agentes</text><text x="{LEFT}" y="46" fill="#555">A simulated Black Friday: {} visitors, {} agents</text>"##,
        day.plan.visitors, day.plan.agents, day.plan.visitors, day.plan.agents
    ));
    let captions = [
        "Personas que esperan · People waiting",
        "Conversaciones en mano y agentes disponibles · Conversations in hand and agents available",
        "Espera de quien fue atendido, en minutos · Wait of those who were taken, in minutes",
    ];
    let most =
        |of: &dyn Fn(&super::day::Moment) -> usize| day.moments.iter().map(of).max().unwrap_or(1);
    let tops = [
        nice(number(most(&|moment| moment.waiting))),
        nice(number(most(&|moment| moment.held.max(moment.on_duty)))),
        nice(report.wait(0.999)),
    ];
    for ((caption, top), most) in captions.iter().zip(TOPS).zip(tops) {
        line(format_args!(
            r##"<text x="{LEFT}" y="{}" font-weight="600">{caption}</text>"##,
            top - 8.0
        ));
        for part in 0..=2 {
            let share = f64::from(part) / 2.0;
            let y = top + HEIGHT * (1.0 - share);
            line(format_args!(
                r##"<path d="M{LEFT} {y:.1}H{}" stroke="#ddd"/><text x="{}" y="{:.1}" text-anchor="end" fill="#555">{}</text>"##,
                LEFT + PLOT,
                LEFT - 6.0,
                y + 4.0,
                most * share
            ));
        }
        let mut hour = 0.0;
        while hour <= end {
            let at = LEFT + PLOT * hour / end;
            line(format_args!(
                r##"<text x="{at:.1}" y="{}" text-anchor="middle" fill="#555">{}:00</text>"##,
                top + HEIGHT + 16.0,
                9.0 + hour
            ));
            hour += 1.0;
        }
    }
    let curve = |top: f64, most: f64, of: &dyn Fn(&super::day::Moment) -> usize| {
        // One point in six: the eye sees no more.
        let points = day.moments.iter().step_by(6).map(|moment| {
            let y = top + HEIGHT * (1.0 - number(of(moment)) / most);
            format!("{:.1},{y:.1}", x(moment.at))
        });
        points.collect::<Vec<_>>().join(" ")
    };
    let stroke = |points: &str, colour: &str| {
        format!(
            r##"<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.6"/>"##
        )
    };
    let queue = curve(TOPS[0], tops[0], &|moment| moment.waiting);
    let held = curve(TOPS[1], tops[1], &|moment| moment.held);
    let duty = curve(TOPS[1], tops[1], &|moment| moment.on_duty);
    line(format_args!("{}", stroke(&queue, "#b3261e")));
    line(format_args!("{}", stroke(&held, "#1f5fa8")));
    line(format_args!("{}", stroke(&duty, "#2e7d32")));
    line(format_args!(
        r##"<text x="{}" y="{}" text-anchor="end" fill="#1f5fa8">en mano · in hand</text><text x="{}" y="{}" text-anchor="end" fill="#2e7d32">agentes · agents</text>"##,
        LEFT + PLOT,
        TOPS[1] + 14.0,
        LEFT + PLOT,
        TOPS[1] + 30.0
    ));
    let mut dots = String::new();
    for wait in &report.waits {
        let y = TOPS[2] + HEIGHT * (1.0 - (hours(wait.ms) * 60.0 / tops[2]).min(1.0));
        let began = wait.began - super::day::OPENING.0;
        let dot = format!("M{:.0} {y:.0}h0", x(began));
        dots.push_str(&dot);
    }
    line(format_args!(
        r##"<path d="{dots}" stroke="#6a1b9a" stroke-opacity=".4" stroke-width="3" stroke-linecap="round"/>"##
    ));
    line(format_args!("</svg>"));
    svg
}

#[allow(clippy::cast_precision_loss, reason = "counts of a day")]
fn number(count: usize) -> f64 {
    count as f64
}

/// The next round number.
fn nice(most: f64) -> f64 {
    let steps = [
        2.0, 4.0, 10.0, 20.0, 40.0, 60.0, 80.0, 100.0, 150.0, 200.0, 300.0, 400.0, 600.0, 1_000.0,
    ];
    steps.into_iter().find(|step| *step >= most).unwrap_or(most)
}
