//! The numbers against a world whose truth is known, and against themselves: in pieces, anew, and session by session.
//!
//! `VENTANILLA_INSIGHTS=100000` makes up so many sessions; `VENTANILLA_INSIGHTS_YEAR=1000000` measures a year of so many.

mod truth;
mod world;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use jiff::civil::Date;
use proptest::prelude::*;
use ventanilla::conversation::{Body, Event};
use ventanilla::ids::{ConversationId, Seq, Stage, Timestamp};
use ventanilla::insights::figures::{Asked, Behind, Due, Figures, Number, Report, Settings};

use truth::{BACK_DAYS, Counted, Only, RESOLUTION, RESPONSE, hour};
use world::{BEGIN, DAY, QUESTIONS, SITES, STEPS, TEAMS, TOPICS, TOUCHPOINTS, Truth, World};

fn settings() -> Settings {
    Settings {
        back_days: u16::try_from(BACK_DAYS).unwrap(),
        small_talk: world::small_talk(),
        due: Arc::new(|_, _, at| Due {
            response: Some(at.plus(RESPONSE)),
            resolution: Some(at.plus(RESOLUTION)),
        }),
        ..Settings::default()
    }
}

fn date(day: i64) -> Date {
    let epoch = jiff::civil::date(2026, 1, 1);
    epoch.checked_add(jiff::Span::new().days(day)).unwrap()
}

fn asked(only: &Only, days: i64) -> Asked {
    let (from, to) = only.days.unwrap_or((0, days));
    Asked {
        from: date(from),
        to: date(to),
        site: only.site.map(|site| SITES[site].parse().unwrap()),
        touchpoint: only.touchpoint.map(|one| one.map(str::to_owned)),
        stage: only.stage,
    }
}

/// A world, folded, with the end of its time and where each of its sessions begins.
struct Told {
    world: World,
    figures: Figures,
    now: i64,
    opened: BTreeMap<(ConversationId, Seq), i64>,
}

fn told(seed: u64, sessions: u64, days: i64) -> Told {
    let mut world = World::new(seed, sessions, days, true);
    let mut figures = Figures::new(settings());
    let (mut now, mut opened) = (BEGIN, BTreeMap::new());
    let mut since = 0;
    while let Some((conversation, event)) = world.next() {
        if let Body::SessionOpened { .. } = event.body {
            opened.insert((conversation, event.seq), event.at.0);
        }
        now = now.max(event.at.0);
        figures.apply(conversation, &event);
        // Somebody looks now and then: it must not matter when.
        since += 1;
        if since % 97 == 0 {
            figures.settle(Timestamp(now));
        }
    }
    figures.settle(Timestamp(now));
    Told {
        world,
        figures,
        now,
        opened,
    }
}

fn size() -> u64 {
    std::env::var("VENTANILLA_INSIGHTS").map_or(2_500, |n| n.parse().unwrap())
}

#[test]
fn every_number_is_the_truth_and_opens_the_sessions_that_it_counts() {
    let began = Instant::now();
    let days = 60;
    let told = told(11, size(), days);
    let truths = &told.world.truths;
    let counted = Counted::of(truths, told.now);
    let folded = began.elapsed();
    let mut compared = 0;
    let mut only = vec![
        Only::default(),
        Only {
            days: Some((3, 9)),
            ..Only::default()
        },
        Only {
            days: Some((58, 59)),
            site: Some(1),
            ..Only::default()
        },
        Only {
            stage: Some(Some(Stage::Use)),
            touchpoint: Some(None),
            ..Only::default()
        },
    ];
    only.extend((0..2).map(|site| Only {
        site: Some(site),
        ..Only::default()
    }));
    only.extend(TOUCHPOINTS.map(|one| Only {
        touchpoint: Some(one),
        ..Only::default()
    }));
    for only in &only {
        let report = told.figures.report(&asked(only, days + 1));
        let counts = counted.counts(|truth| only.fits(truth));
        for (name, count) in &report.counts {
            assert_eq!(
                counts.get(name).copied().unwrap_or(0),
                *count,
                "{name} of {only:?}"
            );
            compared += 1;
        }
        headline(&report, truths, only);
        let narrowed = only.touchpoint.is_some() || only.stage.is_some();
        if !narrowed {
            compared += tables(&report, &counted, only);
        }
        compared += places(&report, &counted, only);
    }
    let opened = behind(&told, &counted, days + 1);
    eprintln!(
        "{} sessions, {} numbers compared, {opened} opened; folded and counted by hand in {:.1} s, {:.1} s in all",
        truths.len(),
        compared,
        folded.as_secs_f64(),
        began.elapsed().as_secs_f64()
    );
}

/// Medians and promises.
fn headline(report: &Report, truths: &[Truth], only: &Only) {
    let fits: Vec<&Truth> = truths.iter().filter(|truth| only.fits(truth)).collect();
    let middle = |values: Vec<u64>, middle: ventanilla::insights::figures::Middle, what: &str| {
        let mut values = values;
        values.sort_unstable();
        assert_eq!(values.len(), middle.of as usize, "{what} of {only:?}");
        let Some(told) = middle.median else {
            assert!(values.len() < 30);
            return;
        };
        let true_one = values[values.len().div_ceil(2) - 1];
        // Never too small, at most a 31st too great.
        assert!(
            told >= true_one && (told - true_one) * 31 <= true_one,
            "{what}: {told} {true_one}"
        );
        assert!(middle.low.unwrap() <= told && told <= middle.high.unwrap());
    };
    let ended = fits.iter().filter(|truth| truth.closed.is_some());
    middle(
        ended.map(|truth| truth.turns).collect(),
        report.turns,
        "turns",
    );
    let waits = |taken: bool| {
        let waits = fits.iter().filter_map(|truth| truth.wait);
        waits
            .filter(move |(_, was)| *was == taken)
            .map(|(seconds, _)| seconds)
            .collect()
    };
    middle(waits(true), report.wait, "wait");
    middle(waits(false), report.left_after, "left after");
    let made: Vec<_> = fits.iter().filter_map(|truth| truth.promise).collect();
    let count = |fits: &dyn Fn(bool, bool) -> bool| {
        let one = made.iter().filter(|made| fits(made.kept, made.late));
        u32::try_from(one.count()).unwrap()
    };
    let told = report.promises;
    assert_eq!(told.made as usize, made.len());
    assert_eq!(told.in_time, count(&|kept, late| kept && !late));
    assert_eq!(told.late, count(&|kept, late| kept && late));
    assert_eq!(told.open, count(&|kept, late| !kept && !late));
    assert_eq!(told.overdue, count(&|kept, late| !kept && late));
    assert_eq!(
        told.warned as usize,
        made.iter().filter(|made| made.warned).count()
    );
    let per_day: u32 = report.trend.iter().map(|point| point.sessions).sum();
    assert_eq!(per_day, report.counts["sessions"]);
    for point in &report.trend {
        let of_day = fits
            .iter()
            .filter(|truth| date((truth.opened - BEGIN) / DAY) == point.day);
        assert_eq!(of_day.count(), point.sessions as usize);
    }
}

/// Topics, teams, forms and questions.
fn tables(report: &Report, counted: &Counted<'_>, only: &Only) -> usize {
    let mut compared = 0;
    let of = |counts: &BTreeMap<&str, u32>, name: &str| counts.get(name).copied().unwrap_or(0);
    for topic in TOPICS.map(Some).into_iter().chain([None]) {
        let counts = counted.counts(|truth| only.fits(truth) && truth.topic == topic);
        let told = report
            .topics
            .iter()
            .find(|one| one.topic.as_ref().map(ventanilla::ids::TopicId::as_str) == topic);
        let Some(told) = told else {
            assert_eq!(of(&counts, "sessions"), 0);
            continue;
        };
        for (part, all, share) in [
            ("solved", "ended", told.solved),
            ("gave_up", "ended", told.gave_up),
            ("person", "sessions", told.person),
            ("first_resolved", "first_contact", told.first_resolved),
            ("opinion_positive", "answered", told.positive),
            ("troubled", "ended", told.troubled),
        ] {
            assert_eq!(
                (share.part, share.of),
                (of(&counts, part), of(&counts, all)),
                "{topic:?} {part}"
            );
            compared += 2;
        }
        let forms = counted
            .truths
            .iter()
            .filter(|truth| only.fits(truth) && truth.topic == topic);
        let forms: Vec<(usize, bool)> = forms.filter_map(|truth| truth.form).collect();
        let Some(form) = report
            .forms
            .iter()
            .find(|one| Some(one.topic.as_str()) == topic)
        else {
            assert!(forms.is_empty());
            continue;
        };
        assert_eq!(form.started as usize, forms.len());
        let finished = forms.iter().filter(|(_, finished)| *finished).count();
        assert_eq!(form.finished.part as usize, finished, "{topic:?}");
        for step in &form.steps {
            let number = STEPS.iter().position(|name| *name == step.step).unwrap() + 1;
            let asked = forms.iter().filter(|(asked, _)| *asked >= number).count();
            let left = forms
                .iter()
                .filter(|(asked, finished)| *asked == number && !finished)
                .count();
            assert_eq!(
                (step.asked as usize, step.left.part as usize),
                (asked, left),
                "{topic:?} {step:?}"
            );
            compared += 2;
        }
    }
    for team in TEAMS {
        let counts = counted.counts(|truth| only.fits(truth) && truth.team == Some(team));
        let Some(told) = report.teams.iter().find(|one| one.team.as_str() == team) else {
            assert_eq!(of(&counts, "sessions"), 0);
            continue;
        };
        for (part, all, share) in [
            ("attended", "person", told.attended),
            ("abandoned", "person", told.abandoned),
            ("response_met", "response_due", told.response_met),
            ("resolution_met", "resolution_due", told.resolution_met),
        ] {
            assert_eq!(
                (share.part, share.of),
                (of(&counts, part), of(&counts, all)),
                "{team} {part}"
            );
            compared += 2;
        }
        let made = counted
            .truths
            .iter()
            .filter(|truth| only.fits(truth) && truth.team == Some(team));
        assert_eq!(
            told.promises.made as usize,
            made.filter(|truth| truth.promise.is_some()).count()
        );
    }
    for (number, question) in QUESTIONS.into_iter().enumerate() {
        let ended = counted.truths.iter().filter(|truth| {
            only.fits(truth) && truth.question.is_some_and(|(which, _)| which == number)
        });
        let taps: Vec<Option<i8>> = ended
            .map(|truth| truth.tap.map(|(value, _)| value))
            .collect();
        let Some(told) = report
            .questions
            .iter()
            .find(|one| one.question.as_str() == question)
        else {
            assert!(taps.is_empty());
            continue;
        };
        let of = |value: i8| {
            u32::try_from(taps.iter().filter(|tap| **tap == Some(value)).count()).unwrap()
        };
        assert_eq!(told.asked as usize, taps.len());
        assert_eq!(
            (told.up.part, told.middle.part, told.down.part),
            (of(1), of(0), of(-1))
        );
        assert_eq!(told.answered.part, of(1) + of(0) + of(-1));
        compared += 5;
    }
    compared
}

/// The heat map and the hours.
fn places(report: &Report, counted: &Counted<'_>, only: &Only) -> usize {
    let mut compared = 0;
    for cell in &report.places {
        let counts = counted.counts(|truth| {
            only.fits(truth)
                && truth.touchpoint == cell.touchpoint.as_deref()
                && truth.stage == cell.stage
        });
        let of = |name: &str| counts.get(name).copied().unwrap_or(0);
        assert_eq!(cell.sessions, of("sessions"));
        assert_eq!(
            (cell.troubled.part, cell.troubled.of),
            (of("troubled"), of("ended"))
        );
        compared += 3;
    }
    if only.stage.is_some() {
        return compared;
    }
    for hours in &report.hours {
        let counts = counted.counts(|truth| {
            only.fits(truth)
                && truth.touchpoint == hours.touchpoint.as_deref()
                && hour(truth) == hours.hour
        });
        let of = |name: &str| counts.get(name).copied().unwrap_or(0);
        assert_eq!(
            (
                hours.sessions,
                hours.person,
                hours.attended,
                hours.abandoned,
                hours.troubled.part
            ),
            (
                of("sessions"),
                of("person"),
                of("attended"),
                of("abandoned"),
                of("troubled")
            )
        );
        compared += 5;
    }
    compared
}

/// Every kind of number, opened page by page.
fn behind(told: &Told, counted: &Counted<'_>, days: i64) -> usize {
    type Fits = Box<dyn Fn(&Truth, &[&str]) -> bool>;
    let mark = |name: &'static str| -> (String, Fits) {
        (
            name.to_owned(),
            Box::new(move |_, names| names.contains(&name)),
        )
    };
    let mut numbers: Vec<(String, Fits)> = vec![
        (
            "promise:late".to_owned(),
            Box::new(|one, _| one.promise.is_some_and(|made| made.kept && made.late)),
        ),
        (
            "promise:overdue".to_owned(),
            Box::new(|one, _| one.promise.is_some_and(|made| !made.kept && made.late)),
        ),
        (
            "used:returns".to_owned(),
            Box::new(|one, _| one.topic == Some("returns")),
        ),
        (
            "form:returns:started".to_owned(),
            Box::new(|one, _| one.topic == Some("returns") && one.form.is_some()),
        ),
        (
            "form:returns:finished".to_owned(),
            Box::new(|one, _| one.topic == Some("returns") && one.form.is_some_and(|(_, all)| all)),
        ),
        (
            "form:returns:left:postcode".to_owned(),
            Box::new(|one, _| one.topic == Some("returns") && one.form == Some((2, false))),
        ),
        (
            "form:returns:asked:reason".to_owned(),
            Box::new(|one, _| {
                one.topic == Some("returns") && one.form.is_some_and(|(asked, _)| asked == 3)
            }),
        ),
        (
            "question:paying:down".to_owned(),
            Box::new(|one, _| {
                one.question.is_some_and(|(which, _)| which == 0)
                    && one.tap.is_some_and(|(value, _)| value < 0)
            }),
        ),
    ];
    let report = told.figures.report(&asked(&Only::default(), days));
    numbers.extend(report.counts.keys().map(|name| mark(name)));
    let narrow = [
        Only::default(),
        Only {
            days: Some((5, 20)),
            site: Some(0),
            touchpoint: Some(Some("checkout")),
            ..Only::default()
        },
    ];
    let mut opened = 0;
    for only in narrow {
        for (name, fits) in &numbers {
            let wanted = Behind {
                number: name.parse::<Number>().unwrap(),
                of: asked(&only, days),
                matter: None,
                team: None,
                hour: None,
            };
            let (mut found, mut before) = (Vec::new(), None);
            loop {
                let page = told.figures.behind(&wanted, before, 1_000);
                let Some((last, ..)) = page.last() else { break };
                before = Some(*last);
                found.extend(page.into_iter().map(|(_, conversation, first)| {
                    let person = u128::from_be_bytes(*conversation.as_bytes()) - 1;
                    (
                        u64::try_from(person).unwrap(),
                        told.opened[&(conversation, first)],
                    )
                }));
            }
            let true_ones = counted.which(|truth, names| only.fits(truth) && fits(truth, names));
            let sorted = |mut all: Vec<(u64, i64)>| {
                all.sort_unstable();
                all
            };
            opened += found.len();
            assert_eq!(sorted(found), sorted(true_ones), "{name} of {only:?}");
        }
    }
    opened
}

fn all_of(seed: u64, sessions: u64) -> Vec<(ConversationId, Event)> {
    let mut world = World::new(seed, sessions, 20, false);
    std::iter::from_fn(|| world.next()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Whenever somebody looks in between, and however the settings were before: the numbers are those of one fold from scratch.
    #[test]
    fn in_pieces_it_is_as_from_scratch(seed in any::<u64>(), looks in prop::collection::vec(0_usize..400, 0..12), other_back in 0_u16..9) {
        let events = all_of(seed, 60);
        let last = events.iter().map(|(_, event)| event.at).max().unwrap();
        let mut scratch = Figures::new(settings());
        events.iter().for_each(|(id, event)| scratch.apply(*id, event));
        scratch.settle(last);
        let mut pieces = Figures::new(Settings { back_days: other_back, zone: jiff::tz::TimeZone::get("America/Argentina/Cordoba").unwrap(), ..settings() });
        for (at, (id, event)) in events.iter().enumerate() {
            pieces.apply(*id, event);
            if looks.contains(&at) {
                let now = pieces.latest();
                pieces.settle(now);
            }
            if at == events.len() / 2 {
                pieces.set(settings());
            }
        }
        pieces.settle(last);
        for only in [Only::default(), Only { site: Some(0), ..Only::default() }] {
            let asked = asked(&only, 40);
            prop_assert_eq!(scratch.report(&asked), pieces.report(&asked));
        }
        prop_assert!(scratch.same_tallies(&pieces));
    }

    /// An erasure takes away every text and value, and no number.
    #[test]
    fn what_is_erased_is_counted_still(seed in any::<u64>()) {
        let (mut whole, mut erased) = (Figures::new(settings()), Figures::new(settings()));
        let mut texts = 0;
        for (id, event) in all_of(seed, 60) {
            whole.apply(id, &event);
            let mut bare = event.clone();
            bare.private = ventanilla::conversation::Private::default();
            texts += bare.body.take_texts().len();
            erased.apply(id, &bare);
        }
        whole.settle(erased.latest());
        erased.settle(erased.latest());
        prop_assert!(texts > 0);
        prop_assert!(whole.same_tallies(&erased));
    }
}

/// A year: how long it takes to fold, to answer, to open.
#[test]
fn a_year_answers_in_under_a_second() {
    let Ok(sessions) = std::env::var("VENTANILLA_INSIGHTS_YEAR") else {
        return;
    };
    let sessions: u64 = sessions.parse().unwrap();
    let mut world = World::new(5, sessions, 365, false);
    let mut figures = Figures::new(settings());
    let (mut folding, mut events) = (std::time::Duration::ZERO, 0_u64);
    let mut page = Vec::new();
    let mut last = Timestamp(BEGIN);
    loop {
        page.clear();
        while page.len() < 5_000
            && let Some(next) = world.next()
        {
            page.push(next);
        }
        let began = Instant::now();
        for (conversation, event) in &page {
            last = last.max(event.at);
            figures.apply(*conversation, event);
        }
        figures.settle(last);
        folding += began.elapsed();
        events += page.len() as u64;
        if page.is_empty() {
            break;
        }
    }
    let year = asked(&Only::default(), 364);
    let timed = |what: &str, act: &mut dyn FnMut() -> u64| {
        let mut times: Vec<_> = (0..9)
            .map(|_| {
                let began = Instant::now();
                let size = act();
                (began.elapsed(), size)
            })
            .collect();
        times.sort();
        eprintln!(
            "{what}: median {:.1} ms, worst {:.1} ms of 9 ({})",
            times[4].0.as_secs_f64() * 1e3,
            times[8].0.as_secs_f64() * 1e3,
            times[4].1
        );
        times[8].0
    };
    eprintln!(
        "{sessions} sessions, {events} events: folded in {:.1} s",
        folding.as_secs_f64()
    );
    let answer = timed("the year", &mut || {
        figures.report(&year).counts["sessions"].into()
    });
    timed("one site, one touchpoint", &mut || {
        let only = Only {
            site: Some(0),
            touchpoint: Some(Some("checkout")),
            ..Only::default()
        };
        figures.report(&asked(&only, 364)).counts["sessions"].into()
    });
    let wanted = |name: &str| Behind {
        number: name.parse().unwrap(),
        of: year.clone(),
        matter: None,
        team: None,
        hour: None,
    };
    timed("the newest 30 behind a common number", &mut || {
        figures.behind(&wanted("gave_up"), None, 30).len() as u64
    });
    timed("all behind a rare one", &mut || {
        figures
            .behind(&wanted("promise:overdue"), None, 1_000_000)
            .len() as u64
    });
    let began = Instant::now();
    figures.set(settings());
    eprintln!("counted anew in {:.1} s", began.elapsed().as_secs_f64());
    assert!(answer.as_secs_f64() < 1.0, "{answer:?}");
}
